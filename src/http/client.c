/* libcurl with everything off that is not needed. */
#include "http/client.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <unistd.h>

#include "base/buf.h"

struct range {
    uint32_t base;
    int bits;
};

static bool public_v4(uint32_t ip)
{
    static const struct range special[] = {
        { 0x00000000, 8 },  { 0x0A000000, 8 },  { 0x64400000, 10 }, { 0x7F000000, 8 },
        { 0xA9FE0000, 16 }, { 0xAC100000, 12 }, { 0xC0000000, 24 }, { 0xC0000200, 24 },
        { 0xC0586300, 24 }, { 0xC0A80000, 16 }, { 0xC6120000, 15 }, { 0xC6336400, 24 },
        { 0xCB007100, 24 }, { 0xE0000000, 3 },
    };
    for (size_t i = 0; i < COUNT(special); i++)
        if (ip >> (32 - special[i].bits) == special[i].base >> (32 - special[i].bits)) return false;
    return true;
}

/* Global unicast (2000::/3) without the ranges that tunnel IPv4 or are for documentation. */
static bool public_v6(const unsigned char *ip)
{
    if ((ip[0] & 0xE0) != 0x20) return false;
    bool teredo_and_kin = ip[0] == 0x20 && ip[1] == 0x01 && ip[2] < 0x02;
    bool documentation = ip[0] == 0x20 && ip[1] == 0x01 && ip[2] == 0x0D && ip[3] == 0xB8;
    bool six_to_four = ip[0] == 0x20 && ip[1] == 0x02;
    return !teredo_and_kin && !documentation && !six_to_four;
}

bool http_address_is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        return public_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6) return false;
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof v6);
    return public_v6(v6.sin6_addr.s6_addr);
}

static curl_socket_t open_public(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)context, (void)purpose;
    if (!http_address_is_public(&address->addr)) return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t keep(char *p, size_t size, size_t n, void *context)
{
    struct buf *b = context;
    buf_put(b, p, size * n);
    return b->full ? 0 : size * n;
}

static void curl_begin(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) abort();
}

static void set_limits(CURL *curl, const struct http_call *call)
{
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, call->anywhere ? "https,http" : "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)call->seconds);
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long)call->max);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "edulab");
    if (call->anywhere) return;
    curl_easy_setopt(curl, CURLOPT_PROXY,
                     ""); /* behind a proxy we would check the proxy's address instead */
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_public);
}

static struct curl_slist *add_header(struct curl_slist *list, struct arena *a, const char *name,
                                     struct str value)
{
    if (!value.p) return list;
    struct curl_slist *longer =
        curl_slist_append(list, arena_printf(a, "%s: %.*s", name, STR(value)).p);
    if (!longer) abort(); /* only without memory */
    return longer;
}

static curl_mime *mime_of(CURL *curl, struct arena *a, const struct http_part *parts)
{
    curl_mime *mime = curl_mime_init(curl);
    if (!mime) abort(); /* only without memory */
    for (const struct http_part *p = parts; p->name; p++) {
        curl_mimepart *part = curl_mime_addpart(mime);
        curl_mime_name(part, p->name);
        if (!p->path.p) {
            curl_mime_data(part, p->value.p, p->value.n);
            continue;
        }
        curl_mime_filedata(part, arena_cstr(a, p->path));
        curl_mime_filename(part, p->file_name);
        curl_mime_type(part, p->type);
    }
    return mime;
}

static int look_up(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct http_call *call = context;
    (void)a, (void)b, (void)c, (void)d;
    return call->goes_on(call->context) ? 0 : 1;
}

bool http_call(struct arena *a, const struct http_call *call, int *ret_status, struct str *ret_body)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, curl_begin);
    CURL *curl = curl_easy_init();
    if (!curl) abort();
    struct curl_slist *headers = add_header(NULL, a, "Accept", str_from(call->accept));
    headers = add_header(headers, a, "Authorization", call->authorization);
    struct buf body = BUF_INIT(call->max);
    set_limits(curl, call);
    curl_easy_setopt(curl, CURLOPT_URL, arena_cstr(a, call->address));
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    if (call->form.p) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)call->form.n);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->form.p);
    }
    curl_mime *mime = call->parts ? mime_of(curl, a, call->parts) : NULL;
    if (mime) curl_easy_setopt(curl, CURLOPT_MIMEPOST, mime);
    if (call->goes_on) {
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_up);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, (void *)(uintptr_t)call);
    }
    long status = 0;
    bool well = curl_easy_perform(curl) == CURLE_OK;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_mime_free(mime);
    curl_easy_cleanup(curl);
    if (well) {
        *ret_status = (int)status;
        *ret_body = arena_dup(a, buf_view(&body));
    }
    buf_finish(&body);
    return well;
}
