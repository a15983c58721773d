using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Sandbox.Kubernetes.Requests;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

public sealed class JsonPatchTests
{
    [Theory]
    [InlineData("""[{"op":"add","path":"/a","value":1}]""", """{"a":1,"l":[1,2]}""")]
    [InlineData("""[{"op":"add","path":"/l/-","value":3}]""", """{"l":[1,2,3]}""")]
    [InlineData("""[{"op":"add","path":"/l/0","value":0}]""", """{"l":[0,1,2]}""")]
    [InlineData("""[{"op":"replace","path":"/l/1","value":9}]""", """{"l":[1,9]}""")]
    [InlineData("""[{"op":"remove","path":"/l/0"}]""", """{"l":[2]}""")]
    [InlineData("""[{"op":"move","from":"/l","path":"/m"}]""", """{"m":[1,2]}""")]
    [InlineData("""[{"op":"copy","from":"/l/0","path":"/x~1y"}]""", """{"l":[1,2],"x/y":1}""")]
    [InlineData("""[{"op":"test","path":"/l","value":[1,2]}]""", """{"l":[1,2]}""")]
    public void An_operation_does_what_RFC_6902_says(string patch, string expected) =>
        Assert.Equal(expected, CanonicalJson.Text(JsonPatch.Apply(Document(), JsonNode.Parse(patch))));

    [Theory]
    [InlineData("""[{"op":"test","path":"/l/0","value":2}]""")]
    [InlineData("""[{"op":"remove","path":"/none"}]""")]
    [InlineData("""[{"op":"replace","path":"/none","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/l/7","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/none/deeper","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/a"}]""")]
    [InlineData("""[{"op":"sing","path":"/a"}]""")]
    [InlineData("""{"op":"add"}""")]
    public void What_cannot_be_done_refuses_the_patch(string patch) =>
        Assert.Throws<FormatException>(() => JsonPatch.Apply(Document(), JsonNode.Parse(patch)));

    [Theory]
    [InlineData("""{"l":null}""", "{}")]
    [InlineData("""{"l":[3],"n":{"a":null,"b":1}}""", """{"l":[3],"n":{"b":1}}""")]
    public void A_merge_patch_merges_objects_replaces_lists_and_removes_nulls(string patch, string expected) =>
        Assert.Equal(expected, CanonicalJson.Text(MergePatch.Apply(Document(), (JsonObject)JsonNode.Parse(patch)!)));

    private static JsonObject Document() => CanonicalJson.ParseObject(Encoding.UTF8.GetBytes("""{"l":[1,2]}"""));
}
