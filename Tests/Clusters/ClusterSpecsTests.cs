using ClusterGrains.Clusters;
using ClusterGrains.Resources;
using CsCheck;

namespace ClusterGrains.Tests.Clusters;

public sealed class ClusterSpecsTests
{
    private static readonly TimeSpan Minimum = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_spec_with_only_endpoints_gets_the_defaults_of_the_schema()
    {
        var spec = Accepted("""{"endpoints":["https://logs.prod.svc:9200"]}""");

        Assert.Equal(Engine.Auto, spec.Engine);
        Assert.Equal(["https://logs.prod.svc:9200"], spec.Endpoints);
        Assert.Null(spec.Auth);
        Assert.Equal(new TlsSpec(), spec.Tls);
        Assert.False(spec.Suspend);
        Assert.Equal(new ScheduleSpec(), spec.Schedule);
        Assert.Equal(TimeSpan.FromMinutes(15), spec.Schedule.EffectiveStaleAfter);
    }

    [Fact]
    public void Every_field_is_read()
    {
        var spec = Accepted(
            """
            {"engine":"OpenSearch","endpoints":["http://a:9200/base","https://b"],"suspend":true,
             "auth":{"apiKey":{"secretRef":{"name":"key"}}},
             "tls":{"caSecretRef":{"name":"ca"},"insecureSkipVerify":true},
             "schedule":{"interval":"1h30m","timeout":"90s","requestTimeout":"5s","staleAfter":"4h"}}
            """);

        Assert.Equal(Engine.OpenSearch, spec.Engine);
        Assert.Equal(2, spec.Endpoints.Length);
        Assert.True(spec.Suspend);
        Assert.Equal("key", spec.Auth?.ApiKey?.SecretRef.Name);
        Assert.Equal("ca", spec.Tls.CaSecretRef?.Name);
        Assert.True(spec.Tls.InsecureSkipVerify);
        Assert.Equal(
            new ScheduleSpec
            {
                Interval = TimeSpan.FromMinutes(90),
                Timeout = TimeSpan.FromSeconds(90),
                RequestTimeout = TimeSpan.FromSeconds(5),
                StaleAfter = TimeSpan.FromHours(4),
            },
            spec.Schedule);
    }

    [Fact]
    public void Fields_of_a_newer_schema_are_passed_over() =>
        Accepted("""{"endpoints":["https://a"],"checks":{"health":{"yellowFor":"5m"}},"schedule":{"jitter":1}}""");

    [Fact]
    public void A_check_never_outlives_its_interval_and_a_request_never_its_check()
    {
        var schedule = new ScheduleSpec { Interval = TimeSpan.FromSeconds(4) };

        Assert.Equal(TimeSpan.FromSeconds(4), schedule.EffectiveTimeout);
        Assert.Equal(TimeSpan.FromSeconds(4), schedule.EffectiveRequestTimeout);
    }

    [Theory]
    [InlineData("""{"endpoints":[]}""", "spec.endpoints", "Write 1 to 16 of them.")]
    [InlineData("""{}""", "spec", "A required field is missing")]
    [InlineData("null", "spec", "A required field is missing")]
    [InlineData("""{"endpoints":[null]}""", "spec.endpoints[0]", "take it out")]
    [InlineData("""{"endpoints":null}""", "spec.endpoints", "wrong type")]
    [InlineData("""{"endpoints":["https://a"],"engine":"Solr"}""", "spec.engine", "wrong type")]
    [InlineData("""{"endpoints":["https://a"],"schedule":{"interval":"soon"}}""", "spec.schedule.interval", "wrong type")]
    [InlineData("""{"endpoints":["https://a"],"schedule":{"interval":5}}""", "spec.schedule.interval", "wrong type")]
    [InlineData("""{"endpoints":["https://a"],"schedule":{"interval":"29s"}}""", "spec.schedule.interval", "Checks:MinimumInterval")]
    [InlineData("""{"endpoints":["https://a"],"schedule":{"interval":"25h"}}""", "spec.schedule.interval", "Write 1s to 24h.")]
    [InlineData("""{"endpoints":["https://a"],"schedule":{"timeout":"0s"}}""", "spec.schedule.timeout", "Write 1s to 10m.")]
    [InlineData("""{"endpoints":["https://a"],"schedule":{"requestTimeout":"2m"}}""", "spec.schedule.requestTimeout", "Write 1s to 1m.")]
    [InlineData("""{"endpoints":["https://a"],"schedule":{"staleAfter":"169h"}}""", "spec.schedule.staleAfter", "Write 1s to 168h.")]
    [InlineData("""{"endpoints":["https://a"],"schedule":{"staleAfter":"4m"}}""", "spec.schedule.staleAfter", "at least one interval (5m)")]
    [InlineData("""{"endpoints":["ftp://a"]}""", "spec.endpoints[0]", "http or https URL")]
    [InlineData("""{"endpoints":["a:9200"]}""", "spec.endpoints[0]", "http or https URL")]
    [InlineData("""{"endpoints":["https://a","https://"]}""", "spec.endpoints[1]", "http or https URL")]
    [InlineData("""{"endpoints":["https://a?pretty"]}""", "spec.endpoints[0]", "query")]
    [InlineData("""{"endpoints":["https://a#top"]}""", "spec.endpoints[0]", "fragment")]
    [InlineData("""{"endpoints":["https://a:9200","https://A:9200/"]}""", "spec.endpoints[1]", "spec.endpoints[0] is the same")]
    [InlineData("""{"endpoints":["https://a"],"auth":{"basic":{"secretRef":{"name":"x"}},"bearer":{"secretRef":{"name":"y"}}}}""", "spec.auth", "Keep one")]
    [InlineData("""{"endpoints":["https://a"],"auth":{"basic":{}}}""", "spec.auth.basic", "required")]
    [InlineData("""{"endpoints":["https://a"],"auth":{"basic":{"secretRef":{"name":"../x"}}}}""", "spec.auth.basic.secretRef.name", "name of a Secret")]
    [InlineData("""{"endpoints":["https://a"],"tls":{"caSecretRef":{"name":""}}}""", "spec.tls.caSecretRef.name", "name of a Secret")]
    public void What_the_schema_let_pass_is_refused_with_field_and_cure(string json, string field, string cure)
    {
        var reading = ClusterSpecs.Read(json, Minimum);

        Assert.Null(reading.Spec);
        var problem = Assert.Single(reading.Problems);
        Assert.Equal(field, problem.Field);
        Assert.Contains(cure, problem.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://elastic:s3cret@logs:9200")]
    [InlineData("https://s3cret@logs:9200")]
    [InlineData("https://elastic:s3cret@")]
    [InlineData("s3cret@logs")]
    [InlineData("https://@logs")]
    public void Credentials_in_an_endpoint_are_refused_and_never_repeated(string endpoint)
    {
        var problem = Assert.Single(ClusterSpecs.Read($$"""{"endpoints":["{{endpoint}}"]}""", Minimum).Problems);

        Assert.DoesNotContain("s3cret", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var reading = ClusterSpecs.Read(
            """{"endpoints":["ftp://a","https://u:p@b"],"schedule":{"interval":"1s","staleAfter":"200h"}}""", Minimum);

        Assert.Equal(
            ["spec.endpoints[0]", "spec.endpoints[1]", "spec.schedule.interval", "spec.schedule.staleAfter"],
            reading.Problems.Select(problem => problem.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_text_makes_reading_fail() =>
        Gen.OneOf(Gen.String, Gen.String.Select(text => $$"""{"endpoints":[{{System.Text.Json.JsonSerializer.Serialize(text)}}]}"""))
            .Sample(text =>
            {
                var reading = ClusterSpecs.Read(text, Minimum);
                Assert.Equal(reading.Spec is null, !reading.Problems.IsEmpty);
            });

    private static SearchClusterSpec Accepted(string json)
    {
        var reading = ClusterSpecs.Read(json, Minimum);
        Assert.Empty(reading.Problems);
        return reading.Spec!;
    }
}
