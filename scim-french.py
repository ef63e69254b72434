import re,json,sys
tr={
"Account erased because nobody used it":"Compte effacé parce que personne ne l'utilisait",
"A letter: whoever signs in within three months keeps the account":"Un courriel : qui se connecte dans les trois mois garde son compte",
"Accounts still unused three months after that letter":"Comptes toujours inutilisés trois mois après ce courriel",
"Accounts that nobody has used for two years":"Comptes que personne n'a utilisés depuis deux ans",
"Actions":"Actions",
"Add a firm":"Ajouter une entreprise","Add it":"Ajouter",
"As soon as mail, hosting or surveys go through a firm, note it below: the law asks for this list.":"Dès que le courrier, l'hébergement ou les sondages passent par une entreprise, notez-la ci-dessous : la loi demande cette liste.",
"Basis of a transfer":"Base d'un transfert","Contract":"Contrat","Contract signed on":"Contrat signé le","Country":"Pays",
"Data it sees":"Données qu'elle voit",
"Ended {0}":"Terminé : {0}",
"Erased, like an account that its owner closes":"Effacé, comme un compte que sa ou son titulaire ferme",
"Example: names, addresses, text of the mails":"Exemple : noms, adresses, texte des courriels",
"Example: sends our mails":"Exemple : envoie nos courriels",
"Firm":"Entreprise",
"Firm added to the list of processors":"Entreprise ajoutée à la liste des sous-traitants",
"Firm no longer a processor":"Entreprise qui n'est plus sous-traitante",
"Firms that hold data for the centre: hosting, mail, surveys. Each needs a contract; data stays in the European Union unless a line says on what basis it leaves.":"Les entreprises qui détiennent des données pour le centre : hébergement, courrier, sondages. Chacune a besoin d'un contrat ; les données restent dans l'Union européenne, sauf si une ligne dit sur quelle base elles en sortent.",
"Hello {0},\n\nNobody has used your eduLAB account for two years. We keep no data that serves nobody: on {1} the account will be erased.\n\nWould you like to keep it? Signing in once before that day is enough:\n\n{2}\n\nOtherwise you need do nothing. Attestations and badges that were issued stay valid; download them before if you want to have them.\n\nThe eduLAB team":
"Bonjour {0},\n\nPersonne n'a utilisé votre compte eduLAB depuis deux ans. Nous ne gardons pas de données qui ne servent à personne : le {1}, le compte sera effacé.\n\nVous souhaitez le garder ? Il suffit de vous connecter une fois avant ce jour :\n\n{2}\n\nSinon, vous n'avez rien à faire. Les attestations et les badges délivrés restent valables ; téléchargez-les avant si vous voulez les avoir.\n\nL'équipe eduLAB",
"Hello {0},\n\nYour eduLAB account is erased, as we announced three months ago: nobody had used it for more than two years. What must be kept bears a number in the place of your name. You are welcome to open a new account at any time.\n\nThe eduLAB team":
"Bonjour {0},\n\nVotre compte eduLAB est effacé, comme nous l'avions annoncé il y a trois mois : personne ne l'avait utilisé depuis plus de deux ans. Ce qui doit être gardé porte un numéro à la place de votre nom. Vous pouvez ouvrir un nouveau compte quand vous voulez, vous êtes bienvenu·e.\n\nL'équipe eduLAB",
"It stays in the list, with the day on which it ended.":"Elle reste dans la liste, avec le jour de la fin.",
"Last day here":"Dernier jour ici",
"Leave it empty as long as there is none.":"Laissez vide tant qu'il n'y en a pas.",
"Letters about an account that sleeps":"Courriels au sujet d'un compte endormi",
"Missing":"Manque","No firm yet":"Aucune entreprise pour l'instant","No longer":"C'est fini",
"None: the centre holds everything itself.":"Aucun : le centre garde tout lui-même.",
"Noted. It stands in the register of processing.":"C'est noté. Elle figure dans le registre des traitements.",
"Only outside of the European Union: adequacy decision, standard clauses…":"Seulement hors de l'Union européenne : décision d'adéquation, clauses types…",
"Processors":"Sous-traitants",
"To keep no data that serves nobody":"Ne pas garder de données qui ne servent à personne",
"What it does for us":"Ce qu'elle fait pour nous","Where the data lies":"Là où se trouvent les données",
"Written on":"Écrit le",
"Your account is asleep":"Votre compte est endormi",
"Your account is erased":"Votre compte est effacé",
# picture
"A picture":"Une photo","My picture":"Ma photo",
"A picture of oneself":"Une photo de soi",
"Another picture":"Une autre photo","As it is now":"Pour l'instant",
"Drawn from your name, until you give a picture.":"Dessiné d'après votre nom, tant que vous ne donnez pas de photo.",
"It stands in the place of the drawn portrait: on your account, for the team, and on your public page if you want it there.":"Elle prend la place du portrait dessiné : sur votre compte, pour l'équipe, et sur votre page publique si vous le voulez.",
"It stands in the place of the drawn portrait: on your account and for the team.":"Elle prend la place du portrait dessiné : sur votre compte et pour l'équipe.",
"JPEG, PNG or WebP, at most 12 MB. We keep a small square of it and nothing of what the camera wrote into the file.":"JPEG, PNG ou WebP, 12 Mo au plus. Nous en gardons un petit carré, et rien de ce que l'appareil a écrit dans le fichier.",
"Move with the arrow keys or by dragging, zoom with + and − or below.":"Déplacez avec les flèches ou en glissant, zoomez avec + et − ou ci-dessous.",
"Remove my picture":"Retirer ma photo","Use this picture":"Utiliser cette photo","Zoom":"Zoom","Zoom {0} %":"Zoom {0} %",
"The part of the picture that is kept":"La partie de la photo qui est gardée",
"This is no picture that we can read. A JPEG, PNG or WebP works.":"Ce n'est pas une image que nous pouvons lire. Un fichier JPEG, PNG ou WebP convient.",
"That is you now.":"Voilà, c'est vous.","Your picture is gone.":"Votre photo est retirée.",
# public page
"A page of your own for everyone, if you like. It is closed until you open it, and you close it again at any time.":"Une page à vous, pour tout le monde, si vous en avez envie. Elle est fermée tant que vous ne l'ouvrez pas, et vous la refermez quand vous voulez.",
"Badges":"Badges","Change it":"La changer","Closed":"Fermée",
"Example: I bring coding into my primary class.":"Exemple : je fais entrer la programmation dans ma classe de primaire.",
"From my profile":"De mon profil","In one line":"En une ligne","Links":"Liens","Number there":"Numéro",
"Markdown is welcome: **bold**, lists, links.":"Markdown est bienvenu : **gras**, listes, liens.",
"One address a line, at most eight: https://… then the words to show.":"Une adresse par ligne, huit au plus : https://… puis les mots à montrer.",
"Open my page to everyone":"Ouvrir ma page à tout le monde","Open to everyone":"Ouverte à tout le monde",
"Please use at least three letters or digits.":"Utilisez au moins trois lettres ou chiffres.",
"Preview":"Aperçu","Public page":"Page publique","Save my page":"Enregistrer ma page",
"Saved. Everyone sees your page.":"Enregistré. Tout le monde voit votre page.",
"Saved. Your page is closed: only you see it.":"Enregistré. Votre page est fermée : vous seul·e la voyez.",
"Search engines may list it":"Les moteurs de recherche peuvent la montrer","See it":"La voir",
"Shown on the public page":"Montré sur la page publique",
"Somebody has this address. Please choose another.":"Quelqu'un a déjà cette adresse. Choisissez-en une autre.",
"This is what everyone sees.":"Voici ce que tout le monde voit.",
"This is what everyone would see: your page is closed.":"Voici ce que tout le monde verrait : votre page est fermée.",
"What I am":"Ce que je suis","What I say":"Ce que je dis","What I show":"Ce que je montre",
"What stands behind /personnes/ in the address of the page.":"Ce qui suit /personnes/ dans l'adresse de la page.",
"Who sees it":"Qui la voit","Finished trainings":"Formations terminées","Trainings finished":"Formations terminées","My trainings":"Mes formations",
}
p='locale/fr.po';s=open(p).read()
blocks=s.split("\n\n");left=[]
def un(b,k):
    m=re.search(r'^'+k+r' ((?:".*"\n?)+)',b,re.M)
    return ''.join(json.loads(x) for x in m.group(1).strip().split("\n")) if m else None
def q(t): return json.dumps(t,ensure_ascii=False)
for i,b in enumerate(blocks):
    if un(b,'msgid') and un(b,'msgstr')=='' and 'msgid_plural' not in b:
        k=un(b,'msgid')
        if k not in tr: left.append(k);continue
        t=tr[k]
        o='msgstr '+q(t) if '\n' not in t else 'msgstr ""\n'+"\n".join(q(x) for x in re.findall(r'[^\n]*\n|[^\n]+$',t))
        blocks[i]=re.sub(r'^msgstr ""',lambda m:o,b,flags=re.M)
        if b.endswith('\n') and not blocks[i].endswith('\n'): blocks[i]+='\n'
open(p,'w').write("\n\n".join(blocks));print("left:",left)
