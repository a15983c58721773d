using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Ownership;
using ClusterGrains.Sandbox.Kubernetes.Requests;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

public sealed class OwnershipTests
{
    private const string Crd = """
        spec:
          group: example.com
          names: {kind: Thing, plural: things}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    properties:
                      a: {type: string}
                      auth: {type: object, properties: {basic: {type: object, properties: {name: {type: string}}}}}
                      atomic: {type: array, items: {type: string}}
                      tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                      ports:
                        type: array
                        x-kubernetes-list-type: map
                        x-kubernetes-list-map-keys: [name]
                        items: {type: object, properties: {name: {type: string}, port: {type: integer}}}
                  status: {type: object, properties: {verdict: {type: string}}}
        """;

    private static readonly ResourceDefinition Thing = DefinitionReader.Read(Yaml.Documents(Crd).Single(), isCustom: true);

    [Fact]
    public void An_applier_owns_the_leaves_it_sends_and_an_updater_the_structs_it_makes_too()
    {
        var applied = Apply(null, "one", """{"spec":{"a":"1","atomic":["x"],"tags":["t"],"ports":[{"name":"http","port":80}]}}""");
        Assert.Equal(
            """{"f:spec":{"f:a":{},"f:atomic":{},"f:ports":{"k:{\"name\":\"http\"}":{".":{},"f:name":{},"f:port":{}}},"f:tags":{"v:\"t\"":{}}}}""",
            Fields(applied, "one"));

        var updated = Object("""{"spec":{"a":"1","tags":["t"]}}""");
        OwnershipByUpdate.Record(null, updated, Write("two"));
        Assert.Equal("""{"f:spec":{".":{},"f:a":{},"f:tags":{".":{},"v:\"t\"":{}}}}""", Fields(updated, "two"));
    }

    [Fact]
    public void Changing_anothers_field_is_a_conflict_that_names_manager_and_field_unless_forced()
    {
        var live = Apply(null, "one", """{"spec":{"a":"1","ports":[{"name":"http","port":80}]}}""");
        var refused = Assert.Throws<StatusException>(
            () => Apply(live, "two", """{"spec":{"a":"2","ports":[{"name":"http","port":81}]}}"""));
        Assert.Equal(409, refused.Code);
        Assert.Equal("Apply failed with 2 conflicts: conflicts with \"one\":\n- .spec.a\n- .spec.ports[name=\"http\"].port", refused.Message);

        var forced = Apply(live, "two", """{"spec":{"a":"2"}}""", force: true);
        Assert.Equal("2", forced.Member("spec")!.Text("a"));
        Assert.DoesNotContain("f:a", Fields(forced, "one"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_value_is_shared_and_no_conflict()
    {
        var live = Apply(null, "one", """{"spec":{"a":"1"}}""");
        var shared = Apply(live, "two", """{"spec":{"a":"1"}}""");
        Assert.Equal(Fields(shared, "one"), Fields(shared, "two"));
    }

    [Fact]
    public void A_field_no_longer_applied_goes_unless_somebody_else_owns_it()
    {
        var live = Apply(null, "one", """{"spec":{"a":"1","auth":{"basic":{"name":"n"}},"tags":["x","y"]}}""");
        live = Apply(live, "two", """{"spec":{"tags":["y"]}}""");
        var less = Apply(live, "one", """{"spec":{"a":"1"}}""");
        Assert.Equal("""{"a":"1","tags":["y"]}""", CanonicalJson.Text(less["spec"]));
    }

    [Fact]
    public void Lists_that_are_maps_merge_by_key_and_atomic_ones_are_replaced()
    {
        var live = Apply(null, "one", """{"spec":{"atomic":["x"],"ports":[{"name":"http","port":80}]}}""");
        var merged = Apply(live, "two", """{"spec":{"atomic":["y"],"ports":[{"name":"tls","port":443}]}}""", force: true);
        Assert.Equal(
            """{"atomic":["y"],"ports":[{"name":"http","port":80},{"name":"tls","port":443}]}""", CanonicalJson.Text(merged["spec"]));
    }

    [Fact]
    public void An_update_takes_what_it_changes_from_others()
    {
        var live = Apply(null, "one", """{"spec":{"a":"1","tags":["t"]}}""");
        var updated = live.Clone();
        updated.Member("spec")!["a"] = "2";
        OwnershipByUpdate.Record(live, updated, Write("kubectl-edit"));
        Assert.Equal("""{"f:spec":{"f:tags":{"v:\"t\"":{}}}}""", Fields(updated, "one"));
        Assert.Equal("""{"f:spec":{"f:a":{}}}""", Fields(updated, "kubectl-edit"));
    }

    [Fact]
    public void Apply_of_the_object_leaves_the_status_alone_and_apply_of_the_status_everything_else()
    {
        var live = Apply(null, "one", """{"spec":{"a":"1"},"status":{"verdict":"Red"}}""");
        Assert.Null(live["status"]);
        var write = Write("two") with { Subresource = "status" };
        var status = ServerSideApply.Apply(live, Object("""{"spec":{"a":"9"},"status":{"verdict":"Green"}}"""), write, force: false);
        Assert.Equal("1", status.Member("spec")!.Text("a"));
        Assert.Equal("""{"f:status":{"f:verdict":{}}}""", Fields(status, "two"));
    }

    [Fact]
    public void More_than_ten_updaters_are_merged_into_one()
    {
        var live = Object("""{"spec":{}}""");
        for (var i = 0; i < 15; i++)
        {
            var updated = live.Clone();
            updated.Ensure("metadata").Ensure("labels")[$"l{i}"] = "x";
            OwnershipByUpdate.Record(live, updated, Write($"manager{i:00}"));
            live = updated;
        }

        var managers = FieldManagers.Read(live);
        Assert.Equal(10, managers.Count);
        Assert.Contains(managers, m => m.Name == "ancient-changes");
    }

    private static JsonObject Apply(JsonObject? live, string manager, string configuration, bool force = false) =>
        ServerSideApply.Apply(live, Object(configuration), Write(manager), force);

    private static ManagedWrite Write(string manager) => new(Thing, manager, "", "2026-01-01T00:00:00Z");

    private static string Fields(JsonObject document, string manager) =>
        CanonicalJson.Text(FieldManagers.Read(document).Single(m => m.Name == manager).Fields.ToJson());

    private static JsonObject Object(string json) => CanonicalJson.ParseObject(Encoding.UTF8.GetBytes(json));
}
