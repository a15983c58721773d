using System.Text.Json;
using ClusterGrains.Sandbox.Kubernetes.Tables;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

public sealed class JsonPathTests
{
    private static readonly JsonElement Document = JsonElement.Parse("""
        {"a":{"b":[1,2,3],"c.d":"dotted"},
         "conditions":[{"type":"Ready","status":"True"},{"type":"Healthy","status":"False"}]}
        """);

    [Theory]
    [InlineData(".a.b[0]", "1")]
    [InlineData(".a.b[-1]", "3")]
    [InlineData(".a.b[9]", "")]
    [InlineData(".a.b[*]", "1,2,3")]
    [InlineData("$.a['c.d']", "dotted")]
    [InlineData(@".a.c\.d", "dotted")]
    [InlineData(".conditions[?(@.type==\"Healthy\")].status", "False")]
    [InlineData(".conditions[?(@.type!='Healthy')].status", "True")]
    [InlineData(".conditions[*].type", "Ready,Healthy")]
    [InlineData(".none.deeper", "")]
    public void A_path_finds_what_it_names(string path, string expected) =>
        Assert.Equal(expected, string.Join(',', JsonPath.Parse(path).Find(Document)));

    [Theory]
    [InlineData("a")]
    [InlineData(".a[")]
    [InlineData(".a[x]")]
    [InlineData(".a[?(@.b)]")]
    public void A_path_outside_the_supported_part_is_refused(string path) =>
        Assert.Throws<FormatException>(() => JsonPath.Parse(path));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(565, "9m25s")]
    [InlineData(3_600, "60m")]
    [InlineData(10_800, "3h")]
    [InlineData(11_100, "3h5m")]
    [InlineData(86_400, "24h")]
    [InlineData(180_000, "2d2h")]
    [InlineData(864_000, "10d")]
    [InlineData(63_158_400, "2y1d")]
    [InlineData(-5, "<invalid>")]
    public void Ages_read_as_kubectl_shows_them(int seconds, string expected) =>
        Assert.Equal(expected, HumanDuration.Format(TimeSpan.FromSeconds(seconds)));
}
