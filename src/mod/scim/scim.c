/* SCIM 2.0 for the directories of organisations: the record. */
#include "mod/scim/scim.h"

#include "mod/scim/pages.h"

#define AT "/scim/v2"
#define USERS AT "/Users"
#define GROUPS AT "/Groups"
#define MAY_PROVISION MAY("people.provision")
#define LIST .params = scim_list_params, .form_size = sizeof(struct scim_list_form)
#define ONE .params = scim_one_params, .form_size = sizeof(struct scim_one_form)
#define NEW .params = scim_new_params, .form_size = sizeof(struct scim_one_form)
#define NAMED .params = scim_name_params, .form_size = sizeof(struct scim_name_form)
/* No permission of a person opens these rows: only a partner's program that staff tied to an organisation. */
#define READ .flags = ROUTE_API | ROUTE_PARTNER
#define CHANGE .flags = ROUTE_API | ROUTE_PARTNER | ROUTE_BODY, .prepare = scim_body_prepare
#define DELETES .flags = ROUTE_API | ROUTE_PARTNER | ROUTE_BODY

enum { GROUP_BODY = 2 * MIB };

const struct param scim_name_params[] = {
    PARAM(struct scim_name_form, name, PARAM_TEXT, .required = true, .max = 100), { 0 }
};

static const struct route routes[] = {
    { "GET", AT "/ServiceProviderConfig", PUBLIC, .get = scim_config_get, .flags = ROUTE_API,
      .api = &scim_about_api, .help = N_("What of SCIM 2.0 is offered here, and how to sign in.") },
    { "GET", AT "/ResourceTypes", PUBLIC, .get = scim_types_get, .flags = ROUTE_API,
      .api = &scim_users_api, .help = N_("The kinds of resources: users and groups.") },
    { "GET", AT "/ResourceTypes/:name", PUBLIC, .get = scim_type_get, .flags = ROUTE_API,
      .api = &scim_about_api, NAMED, .help = N_("One kind of resource.") },
    { "GET", AT "/Schemas", PUBLIC, .get = scim_schemas_get, .flags = ROUTE_API,
      .api = &scim_users_api, .help = N_("The attributes of users and groups that are kept.") },
    { "GET", AT "/Schemas/:name", PUBLIC, .get = scim_schema_get, .flags = ROUTE_API,
      .api = &scim_about_api, NAMED, .help = N_("The attributes of one kind of resource.") },
    { "GET", USERS, MAY_PROVISION, .get = scim_users_get, READ, LIST, .api = &scim_users_api,
      .help = N_("The people of the organisation's directory, with filter, order and pages.") },
    { "POST", USERS, MAY_PROVISION, .apply = scim_user_post, CHANGE, NEW, .api = &scim_new_user_api,
      .help = N_("Brings a person in.") },
    { "GET", USERS "/:id", MAY_PROVISION, .get = scim_user_get, READ, ONE, .api = &scim_user_api,
      .help = N_("A person as the directory knows them.") },
    { "PUT", USERS "/:id", MAY_PROVISION, .apply = scim_user_put, CHANGE, ONE,
      .api = &scim_user_api, .help = N_("Replaces what the directory says of a person.") },
    { "PATCH", USERS "/:id", MAY_PROVISION, .apply = scim_user_patch, CHANGE, ONE,
      .api = &scim_changed_user_api, .help = N_("Changes some of what the directory says.") },
    { "DELETE", USERS "/:id", MAY_PROVISION, .apply = scim_user_delete, DELETES, ONE,
      .api = &scim_gone_api,
      .help = N_("Withdraws a person: they belong there no more; their account stays.") },
    { "GET", GROUPS, MAY_PROVISION, .get = scim_groups_get, READ, LIST, .api = &scim_groups_api,
      .help = N_("The groups of the directory, with filter, order and pages.") },
    { "POST", GROUPS, MAY_PROVISION, .apply = scim_group_post, CHANGE, NEW, .max_body = GROUP_BODY,
      .api = &scim_new_group_api,
      .help = N_("Adds a group; named like a school below, it stands for it.") },
    { "GET", GROUPS "/:id", MAY_PROVISION, .get = scim_group_get, READ, ONE, .api = &scim_group_api,
      .help = N_("A group and who is in it.") },
    { "PUT", GROUPS "/:id", MAY_PROVISION, .apply = scim_group_put, CHANGE, ONE,
      .max_body = GROUP_BODY, .api = &scim_group_api,
      .help = N_("Replaces a group and who is in it.") },
    { "PATCH", GROUPS "/:id", MAY_PROVISION, .apply = scim_group_patch, CHANGE, ONE,
      .max_body = GROUP_BODY, .api = &scim_changed_group_api,
      .help = N_("Adds and removes members of a group, or renames it.") },
    { "DELETE", GROUPS "/:id", MAY_PROVISION, .apply = scim_group_delete, DELETES, ONE,
      .api = &scim_gone_api, .help = N_("Removes a group; its people leave what it stood for.") },
    { 0 },
};

static void start(struct settings *settings)
{
    (void)settings;
    interop_add_partner_part(scim_partner_part);
}

const struct module scim_module = {
    .name = "scim",
    .routes = routes,
    .db = &scim_db,
    .privacy = scim_privacy,
    .start = start,
};
