// Pages through html-validate: standards, plus what accessibility asks of the markup.
import { HtmlValidate } from 'html-validate';

const validator = new HtmlValidate({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:a11y'],
    elements: ['html5', {
        // The players and other islands are elements of our own.
        'edulab-player': { flow: true },
    }],
    rules: {
        'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }], // a group of boxes has one name
        'void-style': 'off', // <br> and <br/> are the same to a parser
        'no-trailing-whitespace': 'off', // the generator collapses what matters
        'attr-quotes': ['error', { style: 'double', unquoted: false }],
        'no-inline-style': 'error',
        'long-title': 'off',
        'prefer-native-element': ['error', { exclude: ['img', 'progressbar'] }], // inline SVG drawings carry role="img"
        'doctype-style': 'off',
        'tel-non-breaking': 'off',
        'require-sri': 'off', // everything comes from ourselves
    },
});

// A list of "line:column rule message", empty when the page is right.
export async function problemsOf(html) {
    const report = await validator.validateString(html);
    return report.results.flatMap((result) => result.messages
        .map((message) => `${message.line}:${message.column} ${message.ruleId} ${message.message}`));
}
