/* SPDX-License-Identifier: MIT */
/* tests/unit/test_scenario.c - scenario texts: what each sentence of docs/scenarios.md makes of them, and
 * what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/scenario_internal.h"

/* A scenario text in short: single quotes stand for double ones. */
#define HEAD              "'purpose':'p','requirements':['RD-01']"
#define STEPS(steps)      "{" HEAD ",'steps':[" steps "]}"
#define VARY(vary, steps) "{" HEAD ",'vary':{" vary "},'steps':[" steps "]}"
#define WITH(members)     "{" HEAD "," members ",'steps':[{'event':'read','block':1,'length':2}]}"
#define READ              "{'event':'read','block':1,'length':2}"

static char *quoted(const char *text)
{
    char *copy = strdup(text);
    for (char *at = copy; *at != '\0'; at++) {
        if (*at == '\'')
            *at = '"';
    }
    return copy;
}

static struct vpci_arena arena;
static struct vpci_case_scratch scratch;
static struct vpci_scenario *made_from; /* what make() loaded last */

static int free_memory(void **state)
{
    (void)state;
    scenario_free(made_from);
    vpci_arena_free(&arena);
    vpci_case_scratch_free(&scratch);
    return 0;
}

static struct vpci_scenario *load(const char *text, char error[VPCI_ERROR_BYTES])
{
    char *bytes = quoted(text);
    struct vpci_scenario *scenario = scenario_load(&arena, "f.json", "f", bytes, strlen(bytes), error);
    free(bytes);
    return scenario;
}

/* Loads a text that must be fine and makes its case number index; valid until the next call. */
static struct vpci_case make(const char *text, uint32_t index)
{
    struct scenario_complaint complaint;
    struct vpci_case made;
    char error[VPCI_ERROR_BYTES];
    if (made_from != NULL)
        scenario_free(made_from);
    made_from = load(text, error);
    if (made_from == NULL)
        fail_msg("%s", error);
    assert_true(scenario_make_case(made_from, index, &scratch, &made, &complaint));
    return made;
}

static void members_have_their_defaults(void **state)
{
    (void)state;
    const struct vpci_case made = make(STEPS(READ), 0);
    assert_string_equal(made.name, "f");
    assert_int_equal(made.vf_count, 1);
    assert_true(made.start_automatically);
    assert_false(made.pf_holds);
    assert_int_equal(made.pf.status, VPCI_STATUS_SUCCESS);
    assert_int_equal(made.pf.count, UINT32_MAX);
    assert_int_equal(made.pf.data, VPCI_DATA_UNIQUE);
    assert_int_equal(vpci_scenario_roles(made.scenario), 1u << VPCI_ROLE_BUS);
    assert_true(vpci_requirement_has(vpci_scenario_requirements(made.scenario), VPCI_RD_01));
    assert_int_equal(made.step_count, 1);
    assert_true(made.steps[0].settle);
    assert_int_equal(made.steps[0].event.fields, VPCI_F(VF) | VPCI_F(BLOCK) | VPCI_F(LENGTH));
    assert_int_equal(made.steps[0].data_source, VPCI_DATA_GIVEN);
    assert_int_equal(made.needs[VPCI_ROLE_BUS], VPCI_CAPABILITY_BIT(DIRECT));
}

static void members_are_taken_over(void **state)
{
    (void)state;
    const struct vpci_case made = make(
        "{" HEAD ",'roles':['bus','vsc'],'capabilities':['irql'],'device':{'vfs':16},'start':'manual',"
        "'pf':{'answer':'hold','status':'IO_TIMEOUT','count':3,'data':'0102'},"
        "'steps':[{'event':'start','vf':15},{'answer':'newest','settle':false},{'answer':'all','count':0},"
        "{'answer':63,'status':'0xC0000001','data':'ones'}]}",
        0);
    assert_int_equal(vpci_scenario_roles(made.scenario), 1u << VPCI_ROLE_BUS | 1u << VPCI_ROLE_VSC);
    assert_int_equal(made.vf_count, 16);
    assert_false(made.start_automatically);
    assert_true(made.pf_holds);
    assert_int_equal(made.steps[0].event.vf, 15);
    assert_int_equal(made.needs[0],
                     VPCI_CAPABILITY_BIT(IRQL) | VPCI_CAPABILITY_BIT(START) | VPCI_CAPABILITY_BIT(PF_COUNT));
    const struct vpci_step *answer = &made.steps[1]; /* answers are as `pf` says unless they say otherwise */
    assert_int_equal(answer->kind, VPCI_STEP_ANSWER);
    assert_int_equal(answer->which, VPCI_ANSWER_NEWEST);
    assert_false(answer->settle);
    assert_int_equal(answer->answer.status, VPCI_STATUS_IO_TIMEOUT);
    assert_int_equal(answer->answer.count, 3);
    assert_int_equal(answer->answer.given_length, 2);
    assert_memory_equal(answer->answer.given, "\x01\x02", 2);
    assert_int_equal(made.steps[2].which, VPCI_ANSWER_ALL);
    assert_int_equal(made.steps[2].answer.count, 0);
    assert_int_equal(made.steps[3].which, VPCI_ANSWER_NTH);
    assert_int_equal(made.steps[3].nth, 63);
    assert_int_equal(made.steps[3].answer.status, VPCI_STATUS_UNSUCCESSFUL);
    assert_int_equal(made.steps[3].answer.data, VPCI_DATA_ONES);
}

static void write_data_are_as_long_as_the_length(void **state)
{
    (void)state;
    const struct vpci_case made = make(STEPS("{'event':'write','block':1,'length':5},"
                                             "{'event':'write','block':1,'length':4294967295,'data':'fill'},"
                                             "{'event':'write','block':1,'length':2,'data':'a55a'},"
                                             "{'event':'write','block':1,'length':0,'data':''}"),
                                       0);
    assert_int_equal(made.steps[0].event.data_length, 5);
    assert_int_equal(made.steps[0].data_source, VPCI_DATA_UNIQUE);
    assert_int_equal(made.steps[0].data_from, 0);
    assert_int_equal(made.steps[1].event.length, UINT32_MAX);
    assert_int_equal(made.steps[1].event.data_length, 512);
    assert_int_equal(made.steps[1].event.data[511], VPCI_FILL_BYTE);
    assert_int_equal(made.steps[1].data_source, VPCI_DATA_FILL);
    assert_memory_equal(made.steps[2].event.data, "\xA5\x5A", 2);
    assert_int_equal(made.steps[2].data_source, VPCI_DATA_GIVEN);
    assert_int_equal(made.steps[3].event.data_length, 0);
    assert_true(made.steps[3].event.fields & VPCI_F(DATA));
}

/* An IOCTL step and what becomes of it. */
static const struct {
    const char *step;
    uint32_t input_length, output_length, data_length, data_from;
    enum vpci_pf_data data_source;
    const char *hex; /* of the first bytes */
} ioctls[] = {
    { "'code':'READ_BLOCK','block':7,'length':16", 8, 16, 8, 8, VPCI_DATA_GIVEN, "0700000010000000" },
    { "'code':'READ_BLOCK','block':7,'length':16,'input_length':5", 5, 16, 5, 5, VPCI_DATA_GIVEN,
      "0700000010" },
    { "'code':'READ_BLOCK','block':7,'length':4294967295,'output_length':3", 8, 3, 8, 8, VPCI_DATA_GIVEN,
      "07000000ffffffff" },
    { "'code':'READ_BLOCK','block':7,'length':1,'input_length':10", 10, 1, 10, 8, VPCI_DATA_GIVEN,
      "07000000010000000000" },
    { "'code':'WRITE_BLOCK','block':7,'length':1", 12, 0, 12, 8, VPCI_DATA_UNIQUE, "0700000001000000" },
    { "'code':'WRITE_BLOCK','block':7,'length':5", 13, 0, 13, 8, VPCI_DATA_UNIQUE, "0700000005000000" },
    { "'code':'WRITE_BLOCK','block':7,'length':5,'payload':'ones'", 13, 0, 13, 8, VPCI_DATA_ONES,
      "0700000005000000ffffffffff" },
    { "'code':'WRITE_BLOCK','block':7,'length':3,'payload':'010203'", 12, 0, 12, 8, VPCI_DATA_GIVEN,
      "070000000300000001020300" },
    { "'code':'WRITE_BLOCK','block':7,'length':3,'payload':'010203','input_length':10", 10, 0, 10, 8,
      VPCI_DATA_GIVEN, "07000000030000000102" },
    { "'code':'WRITE_BLOCK','block':7,'length':5,'input_length':6", 6, 0, 6, 6, VPCI_DATA_GIVEN,
      "070000000500" },
    { "'code':'WRITE_BLOCK','block':7,'length':5,'input_length':0", 0, 0, 0, 0, VPCI_DATA_GIVEN, "" },
    { "'code':'WRITE_BLOCK','block':7,'length':2000", 2008, 0, 512, 8, VPCI_DATA_UNIQUE, "07000000d0070000" },
    { "'code':'WRITE_BLOCK','block':7,'length':4294967295,'input_length':12", 12, 0, 12, 8, VPCI_DATA_UNIQUE,
      "07000000ffffffff" },
    { "'code':'INVALIDATE_BLOCK'", 8, 0, 8, 0, VPCI_DATA_GIVEN, "c5c5c5c5c5c5c5c5" },
    { "'code':'INVALIDATE_BLOCK','input_length':3,'output_length':9", 3, 9, 3, 0, VPCI_DATA_GIVEN, "c5c5c5" },
    { "'code':'0x22604c'", 0, 0, 0, 0, VPCI_DATA_GIVEN, "" },
    { "'code':'READ_BLOCK','data':'aabbcc'", 3, 0, 3, 0, VPCI_DATA_GIVEN, "aabbcc" },
    { "'code':'READ_BLOCK','data':'aabbcc','input_length':2,'output_length':7", 2, 7, 2, 0, VPCI_DATA_GIVEN,
      "aabb" },
    { "'code':'READ_BLOCK','data':'aabbcc','input_length':5", 5, 0, 5, 0, VPCI_DATA_GIVEN, "aabbcc0000" },
    { "'code':1,'data':'zeros','input_length':600", 600, 0, 512, 0, VPCI_DATA_ZEROS, "0000" },
    { "'code':1,'data':'unique','input_length':6", 6, 0, 6, 0, VPCI_DATA_UNIQUE, "" },
};

static void ioctls_are_laid_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ioctls / sizeof ioctls[0]; i++) {
        char text[512];
        snprintf(text, sizeof text, STEPS("{'event':'ioctl',%s}"), ioctls[i].step);
        const struct vpci_case made = make(text, 0);
        const struct vpci_step *step = &made.steps[0];
        assert_int_equal(step->event.input_length, ioctls[i].input_length);
        assert_int_equal(step->event.output_length, ioctls[i].output_length);
        assert_int_equal(step->event.data_length, ioctls[i].data_length);
        if (step->data_from < ioctls[i].data_length || ioctls[i].data_from != 0)
            assert_int_equal(step->data_from, ioctls[i].data_from);
        assert_int_equal(step->data_source, ioctls[i].data_source);
        assert_int_equal(step->event.fields, VPCI_F(VF) | VPCI_F(CODE) | VPCI_F(INPUT_LENGTH) |
                                                 VPCI_F(OUTPUT_LENGTH) | VPCI_F(DATA));
        struct vpci_text hex = { 0 };
        vpci_text_add_hex_bytes(&hex, step->event.data, strlen(ioctls[i].hex) / 2);
        assert_string_equal(hex.bytes, ioctls[i].hex);
        vpci_text_free(&hex);
    }
}

static void other_events_have_their_defaults(void **state)
{
    (void)state;
    const struct vpci_case made =
        make(STEPS("{'event':'query_interface'},"
                   "{'event':'input_change','request':2,'data':'ones','length':3},"
                   "{'event':'pf_invalidate','vf':65535,'mask':'0xffffffffffffffff'},"
                   "{'event':'pf_read_return','call':1,'status':0,'data':'zeros','length':2},"
                   "{'event':'pf_write_return','call':1,'status':0,'length':2}"),
             0);
    const struct vpci_event *query = &made.steps[0].event;
    assert_int_equal(query->fields, VPCI_F(VF) | VPCI_F(GUID) | VPCI_F(SIZE) | VPCI_F(VERSION));
    assert_int_equal(query->guid.bytes[15], 0xCB);
    assert_int_equal(query->size, 56);
    assert_int_equal(query->version, 1);
    assert_int_equal(query->status, VPCI_STATUS_NOT_SUPPORTED);
    assert_int_equal(made.steps[1].event.fields, VPCI_F(REQUEST) | VPCI_F(DATA));
    assert_int_equal(made.steps[1].event.data_length, 3);
    assert_true(made.steps[2].event.mask == UINT64_MAX);
    assert_int_equal(made.steps[3].event.data_length, 2);
    assert_int_equal(made.steps[4].event.length, 2);
    const vpci_capability_set needs = VPCI_CAPABILITY_BIT(QUERY_INTERFACE) |
                                      VPCI_CAPABILITY_BIT(INPUT_CHANGE) | VPCI_CAPABILITY_BIT(PF_COUNT);
    assert_int_equal(made.needs[VPCI_ROLE_BUS], needs);
    assert_int_equal(made.needs[VPCI_ROLE_STACK], needs | VPCI_CAPABILITY_BIT(PF_CONTROL));
}

static void needs_follow_the_values(void **state)
{
    (void)state;
    const char *text =
        "{" HEAD ",'device':{'vfs':2},'vary':{'context':[0,1],'irql':[0,2]},'steps':["
        "{'event':'read','block':1,'length':2,'context_vf':'$context','irql':'$irql','inside':3}]}";
    const vpci_capability_set base = VPCI_CAPABILITY_BIT(DIRECT) | VPCI_CAPABILITY_BIT(REENTRANT);
    assert_int_equal(make(text, 0).needs[0], base);
    assert_int_equal(make(text, 1).needs[0], base | VPCI_CAPABILITY_BIT(IRQL));
    assert_int_equal(make(text, 2).needs[0], base | VPCI_CAPABILITY_BIT(FOREIGN_CONTEXT));
    const struct vpci_case made = make(text, 3);
    assert_true(made.steps[0].has_inside);
    assert_int_equal(made.steps[0].inside, 3);
}

static void parameters_stand_for_values(void **state)
{
    (void)state;
    const char *text =
        VARY("'size':[{'name':'small','bytes':8,'status':'CANCELLED'},{'bytes':'0xffffffff','status':1}],"
             "'n':{'from':1,'to':5,'step':2},'on':[true,false],'which':['oldest','all'],'b':['00','0x10']",
             "{'event':'read','block':'$size.bytes-8','length':'$n+8','settle':'$on'},"
             "{'repeat':'$n','steps':[{'answer':'$which','status':'$size.status'}]},"
             "{'expect':{'event':'read_return','status':['SUCCESS','$size.status']},'requirement':'RD-01'},"
             "{'event':'input_change','request':1,'data':'zeros','length':'$n'},"
             "{'expect_none':{'event':'pf_read','irql':'0x2'},'requirement':'PF-02'}");
    char *without = strdup(text); /* 'b' is there for its refusal: no step uses it */
    char error[VPCI_ERROR_BYTES];
    assert_null(load(without, error));
    assert_string_equal(error, "f.json: /vary/b: no step uses it");
    char *at = strstr(without, ",'b':['00','0x10']");
    memmove(at, at + strlen(",'b':['00','0x10']"), strlen(at + strlen(",'b':['00','0x10']")) + 1);
    struct vpci_case made = make(without, 0);
    assert_string_equal(made.name, "f[size=small,n=1,on=true,which=oldest]");
    assert_int_equal(vpci_scenario_case_count(made.scenario), 24);
    assert_int_equal(made.step_count, 5);
    made = make(without, 23);
    assert_string_equal(made.name, "f[size=1,n=5,on=false,which=all]");
    assert_int_equal(made.step_count, 9);
    assert_int_equal(made.steps[0].event.block, 0xfffffff7u);
    assert_int_equal(made.steps[0].event.length, 13);
    assert_false(made.steps[0].settle);
    assert_int_equal(made.steps[5].which, VPCI_ANSWER_ALL);
    assert_int_equal(made.steps[5].answer.status, 1);
    assert_int_equal(made.steps[6].kind, VPCI_STEP_EXPECT);
    assert_int_equal(made.steps[6].value_count, 2);
    assert_int_equal(made.steps[6].values[1].field, VPCI_FIELD_STATUS);
    assert_int_equal(made.steps[6].values[1].number, 1);
    assert_int_equal(made.steps[6].requirement, VPCI_RD_01);
    assert_int_equal(made.steps[7].event.data_length, 5);
    assert_int_equal(made.steps[8].kind, VPCI_STEP_EXPECT_NONE);
    assert_int_equal(made.steps[8].values[0].number, 2);
    free(without);
}

static void cover_chooses_among_the_combinations(void **state)
{
    (void)state;
    static const struct {
        const char *cover;
        uint32_t from, to; /* cases */
    } covers[] = { { "all", 256, 256 }, { "pairs", 16, 24 }, { "triples", 64, 90 } };
    for (size_t i = 0; i < sizeof covers / sizeof covers[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "{" HEAD
                 ",'cover':'%s','vary':{'a':[0,1,2,3],'b':[0,1,2,3],'c':[0,1,2,3],'d':[0,1,2,3]},'steps':["
                 "{'event':'read','block':'$a','length':'$b'},{'event':'read','block':'$c','length':'$d'}]}",
                 covers[i].cover);
        const uint32_t count = vpci_scenario_case_count(make(text, 0).scenario);
        assert_in_range(count, covers[i].from, covers[i].to);
    }
}

/* Texts that are refused, and what the error says behind the file's name. */
static const struct {
    const char *text, *error;
} refused[] = {
    { "", "line 1, column 1: the text ends too early" },
    { "[]", "an object is wanted, not an array" },
    { "{}", "/purpose: missing" },
    { "{'purpose':' ','requirements':['RD-01'],'steps':[" READ "]}", "/purpose: a sentence is wanted" },
    { "{'purpose':'p','steps':[" READ "]}", "/requirements: missing" },
    { "{'purpose':'p','requirements':[],'steps':[" READ "]}", "/requirements: an empty list" },
    { "{'purpose':'p','requirements':['XX-01'],'steps':[" READ "]}",
      "/requirements/0: there is no requirement \"XX-01\"" },
    { "{'purpose':'p','requirements':['RD-01','RD-01'],'steps':[" READ "]}",
      "/requirements/1: \"RD-01\" is given twice" },
    { "{" HEAD ",'steps':[" READ "],'step':1}", "/step: there is no such member" },
    { "{" HEAD ",'steps':[" READ "],'steps':[]}", "the member \"steps\" is given twice" },
    { "{" HEAD "}", "/steps: missing" },
    { STEPS(""), "/steps: an empty list" },
    { "{" HEAD ",'steps':{}}", "/steps: a list of steps is wanted, not an object" },
    { WITH("'roles':['boss']"), "/roles/0: there is no role \"boss\"" },
    { WITH("'roles':[]"), "/roles: an empty list" },
    { WITH("'roles':['bus','stack'],'pf':{}"), "/pf: the PF is inside an implementation of role stack" },
    { "{" HEAD ",'roles':['stack'],'steps':[" READ ",{'answer':0}]}",
      "/steps/1: the PF is inside an implementation of role stack" },
    { "{" HEAD ",'roles':['stack'],'steps':[{'repeat':2,'steps':[{'expect_none':{'event':'pf_read'},"
      "'requirement':'RD-01'}]}]}",
      "/steps/0/steps/0: the PF is inside an implementation of role stack" },
    { VARY("'n':{'from':1,'to':1000}", "{'repeat':4095,'steps':[" READ "]},{'answer':'newest','count':'$n'}"),
      "/steps: more than 4000000 steps in all cases together" },
    { WITH("'capabilities':['fly']"), "/capabilities/0: there is no capability \"fly\"" },
    { WITH("'capabilities':[1]"), "/capabilities/0: a string is wanted, not a number" },
    { WITH("'device':{'vfs':0}"), "/device/vfs: 0 is below 1" },
    { WITH("'device':{'vfs':17}"), "/device/vfs: 17 is above 16" },
    { WITH("'device':{'blocks':1}"), "/device/blocks: there is no such member" },
    { WITH("'start':'never'"), "/start: must be \"automatic\" or \"manual\"" },
    { WITH("'pf':{'answer':'late'}"), "/pf/answer: must be \"auto\" or \"hold\"" },
    { WITH("'pf':{'status':'GOOD'}"),
      "/pf/status: \"GOOD\" is neither a \"0x\" number nor a name known here" },
    { WITH("'pf':{'data':'x'}"),
      "/pf/data: character 1 is not a hexadecimal digit (or unique, zeros, ones, fill)" },
    { WITH("'pf':{'count':4294967296}"), "/pf/count: 4294967296 is above 4294967295" },
    { WITH("'cover':'some'"), "/cover: must be \"all\", \"pairs\" or \"triples\"" },
    { WITH("'vary':[]"), "/vary: an object is wanted, not an array" },
    { VARY("'a':[1]", READ), "/vary/a: no step uses it" },
    { VARY("'a':[]", READ), "/vary/a: an empty list" },
    { VARY("'a':1", READ), "/vary/a: a list or a range is wanted, not a number" },
    { VARY("'a-b':[1]", READ),
      "/vary/a-b: a parameter's name is a letter and up to 63 letters, digits or _" },
    { VARY("'a':[1,[2]]", READ), "/vary/a/1: an array cannot be a value" },
    { VARY("'a':[1,1.5]", READ), "/vary/a/1: 1.5 is not an integer" },
    { VARY("'a':[1,'1']", READ), "/vary/a: two values are called 1" },
    { VARY("'a':['$b']", READ), "/vary/a/0: a value of vary cannot stand for a parameter" },
    { VARY("'a':['x,y']", READ),
      "/vary/a/0: as part of a case's name a value has no blanks, controls or any of []=,*?" },
    { VARY("'a':[{}]", READ), "/vary/a/0: an object without members" },
    { VARY("'a':[{'name':1}]", READ), "/vary/a/0/name: a string is wanted" },
    { VARY("'a':{'from':1}", READ), "/vary/a/to: missing" },
    { VARY("'a':{'from':2,'to':1}", READ), "/vary/a: the range is empty: to is below from" },
    { VARY("'a':{'from':1,'to':2,'step':0}", READ), "/vary/a/step: 0 is below 1" },
    { VARY("'a':{'from':0,'to':100000}", READ), "/vary/a: more than 100000 values" },
    { VARY("'a':{'from':1,'to':400},'b':{'from':1,'to':400}", "{'event':'read','block':'$a','length':'$b'}"),
      "/vary: more than 100000 cases" },
    { STEPS("1"), "/steps/0: a step is an object, not a number" },
    { STEPS("{'settle':true}"),
      "/steps/0: a step has one of \"event\", \"answer\", \"expect\", \"expect_none\" and \"repeat\"" },
    { STEPS("{'event':'read','answer':'oldest'}"), "/steps/0: a step is not both \"event\" and \"answer\"" },
    { STEPS("{'event':'reed'}"), "/steps/0/event: there is no event \"reed\"" },
    { STEPS("{'event':'read_return','request':0,'status':0}"),
      "/steps/0/event: read_return is not an event that the kit sends" },
    { STEPS(READ ",{'event':'read','block':1}"), "/steps/1/length: missing" },
    { STEPS("{'event':'cancel'}"), "/steps/0/request: missing" },
    { STEPS("{'event':'cancel','request':64}"), "/steps/0/request: 64 is above 63" },
    { STEPS("{'event':'cancel','request':0,'vf':0}"), "/steps/0/vf: cancel has no such member" },
    { STEPS("{'event':'pf_write_return','status':0}"), "/steps/0/call: missing" },
    { STEPS("{'event':'read','block':1,'length':4294967296}"),
      "/steps/0/length: 4294967296 is above 4294967295" },
    { STEPS("{'event':'read','block':1,'length':2,'vf':1}"),
      "/steps/0/vf: 1 is above 0: the device has 1 VFs" },
    { STEPS("{'event':'read','block':1,'length':2,'context_vf':2}"),
      "/steps/0/context_vf: 2 is above 0: the device has 1 VFs" },
    { STEPS("{'event':'read','block':1,'length':2,'inside':64}"), "/steps/0/inside: 64 is above 63" },
    { STEPS("{'event':'read','block':1,'length':2,'settle':1}"),
      "/steps/0/settle: true or false is wanted, not a number" },
    { STEPS("{'event':'read','block':'$a','length':2}"),
      "/steps/0/block: \"$a\" names no parameter of vary" },
    { VARY("'a':[1]", "{'event':'read','block':'$a+','length':2}"),
      "/steps/0/block: \"$a+\" is not of the form $name, $name.member, $name+8 or $name-1" },
    { VARY("'a':[1]", "{'event':'read','block':'$a.b','length':2}"),
      "/steps/0/block: with value 0 of $a: the value has no member \"b\"" },
    { VARY("'a':[1,0]", "{'event':'read','block':1,'length':'$a-1'}"),
      "/steps/0/length: with value 1 of $a: 0 - 1 is no 64-bit number" },
    { VARY("'a':[1,'0xffffffff']", "{'event':'read','block':1,'length':'$a+1'}"),
      "/steps/0/length: with value 1 of $a: 4294967296 is above 4294967295" },
    { VARY("'a':[{'b':1}]", "{'event':'read','block':1,'length':'$a'}"),
      "/steps/0/length: with value 0 of $a: an integer or a \"0x\" string is wanted, not an object" },
    { STEPS("{'event':'write','block':1,'length':3,'data':'aabb'}"),
      "/steps/0/data: 2 bytes, where length 3 needs 3" },
    { VARY("'n':[2,3]", "{'repeat':2,'steps':[{'event':'write','block':1,'length':'$n','data':'aabb'}]}"),
      "/steps/0/steps/0/data: 2 bytes, where length 3 needs 3 with [n=3]" },
    { STEPS("{'event':'input_change','request':1,'data':'ones'}"),
      "/steps/0/data: unique, zeros, ones or fill needs a length" },
    { STEPS("{'event':'ioctl'}"), "/steps/0/code: missing" },
    { STEPS("{'event':'ioctl','code':'READ_BLOCK','length':1}"), "/steps/0/block: missing" },
    { STEPS("{'event':'ioctl','code':'READ_BLOCK','block':1}"), "/steps/0/length: missing" },
    { STEPS("{'event':'ioctl','code':'READ_BLOCK','block':1,'length':1,'payload':'ones'}"),
      "/steps/0/payload: only WRITE_BLOCK has one" },
    { STEPS("{'event':'ioctl','code':'READ_BLOCK','block':1,'length':1,'data':''}"),
      "/steps/0/data: either data, or block, length and payload" },
    { STEPS("{'event':'ioctl','code':'READ_BLOCK','data':'ones'}"),
      "/steps/0/data: unique, zeros, ones or fill needs an input_length" },
    { STEPS("{'event':'ioctl','code':'INVALIDATE_BLOCK','block':1}"),
      "/steps/0/code: block, length and payload are of READ_BLOCK and WRITE_BLOCK only" },
    { STEPS("{'event':'ioctl','code':'WRITE_BLOCK','block':1,'length':4294967288}"),
      "/steps/0/input_length: must be stated: 8 + length is above 4294967295" },
    { STEPS("{'event':'ioctl','code':'WRITE_BLOCK','block':1,'length':2,'payload':'aa'}"),
      "/steps/0/payload: 1 bytes, where length 2 needs 2" },
    { STEPS("{'answer':'first'}"), "/steps/0/answer: \"first\" is not a \"0x\" number of at most 64 bits" },
    { STEPS("{'answer':64}"), "/steps/0/answer: 64 is above 63" },
    { STEPS("{'answer':0,'inside':1}"), "/steps/0/inside: there is no such member" },
    { STEPS("{'repeat':0,'steps':[" READ "]}"), "/steps/0/repeat: 0 is below 1" },
    { STEPS("{'repeat':2}"), "/steps/0/steps: a list of steps is wanted, not nothing" },
    { STEPS("{'repeat':2,'steps':[]}"), "/steps/0/steps: an empty list" },
    { STEPS("{'repeat':2,'steps':[{'repeat':2,'steps':[" READ "]}]}"),
      "/steps/0/steps/0: a repeat inside a repeat" },
    { STEPS("{'repeat':4096,'steps':[" READ "]}," READ), "/steps/1: more than 4096 steps" },
    { STEPS("{'expect':{'event':'read_return'}}"), "/steps/0/requirement: missing" },
    { STEPS("{'expect':{'event':'read_return'},'requirement':'RD-99'}"),
      "/steps/0/requirement: there is no requirement \"RD-99\"" },
    { STEPS("{'expect':{'event':'read_return','mask':1},'requirement':'RD-01'}"),
      "/steps/0/expect/mask: read_return has no such member" },
    { STEPS("{'expect':{'event':'read_return','data':''},'requirement':'RD-01'}"),
      "/steps/0/expect/data: only numbers, names and true or false can be expected" },
    { STEPS("{'expect':{'event':'read_return','status':[]},'requirement':'RD-01'}"),
      "/steps/0/expect/status: an empty list" },
    { STEPS("{'expect':{'event':'read_return','status':[0,1,2,3,4,5,6,7,8]},'requirement':'RD-01'}"),
      "/steps/0/expect/status/8: more than 8 values to expect" },
    { STEPS("{'expect_none':{'status':1},'requirement':'RD-01'}"), "/steps/0/expect_none/event: missing" },
    { STEPS("{'expect':[],'requirement':'RD-01'}"), "/steps/0/expect: an object is wanted, not an array" },
};

static void mistakes_are_refused_with_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        char error[VPCI_ERROR_BYTES] = "", expected[VPCI_ERROR_BYTES];
        snprintf(expected, sizeof expected, "f.json: %s", refused[i].error);
        if (load(refused[i].text, error) != NULL)
            fail_msg("not refused: %s", refused[i].text);
        assert_string_equal(error, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_have_their_defaults),
        cmocka_unit_test(members_are_taken_over),
        cmocka_unit_test(write_data_are_as_long_as_the_length),
        cmocka_unit_test(ioctls_are_laid_out),
        cmocka_unit_test(other_events_have_their_defaults),
        cmocka_unit_test(needs_follow_the_values),
        cmocka_unit_test(parameters_stand_for_values),
        cmocka_unit_test(cover_chooses_among_the_combinations),
        cmocka_unit_test(mistakes_are_refused_with_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, free_memory);
}
