/* The network side of verification. The check of the address is made on the resolved one, at the moment of connecting,
 * so a name that changes its answer between check and use gains nothing. */
#include "mod/badge/fetch.h"

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

bool badge_address_is_public(const struct sockaddr *address)
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
    if (!badge_address_is_public(&address->addr)) return CURL_SOCKET_BAD;
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

static void set_limits(CURL *curl, bool anywhere)
{
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, anywhere ? "https,http" : "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)FETCH_SECONDS);
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long)FETCH_MAX);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "edulab badge verifier");
    if (anywhere) return;
    curl_easy_setopt(curl, CURLOPT_PROXY,
                     ""); /* behind a proxy we would check the proxy's address instead */
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_public);
}

enum source_answer badge_fetch(struct arena *a, struct str address, bool anywhere,
                               struct str *ret_body)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, curl_begin);
    CURL *curl = curl_easy_init();
    struct curl_slist *headers =
        curl_slist_append(NULL, "Accept: application/ld+json, application/json");
    struct buf body = BUF_INIT(FETCH_MAX);
    if (!curl || !headers) abort(); /* only without memory */
    set_limits(curl, anywhere);
    curl_easy_setopt(curl, CURLOPT_URL, arena_cstr(a, address));
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    long status = 0;
    bool well = curl_easy_perform(curl) == CURLE_OK;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    if (well) *ret_body = arena_dup(a, buf_view(&body));
    buf_finish(&body);
    if (!well) return SOURCE_UNREACHABLE;
    return status == 200   ? SOURCE_FOUND
           : status == 410 ? SOURCE_GONE
           : status == 404 ? SOURCE_ABSENT
                           : SOURCE_UNREACHABLE;
}
