using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ClusterGrains.Tests.Fleet;

/// <summary>The OpenAPI document is written by hand; this is what keeps it true.</summary>
public sealed class FleetDocumentTests(RunningSilo silo) : IClassFixture<RunningSilo>, IAsyncLifetime
{
    private JsonObject _document = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEnumerable<(string Path, JsonObject Operation)> Operations =>
        _document["paths"]!.AsObject().Select(path => (path.Key, path.Value!["get"]!.AsObject()));

    public async ValueTask InitializeAsync() => _document = await Get("/api/v1/openapi.json");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task It_is_OpenAPI()
    {
        using var text = new MemoryStream(Encoding.UTF8.GetBytes(_document.ToJsonString()));

        var read = await OpenApiDocument.LoadAsync(text, "json", cancellationToken: Cancellation);

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal(8, read.Document!.Paths.Count);
    }

    [Fact]
    public void It_has_every_route_and_no_other()
    {
        var routes =
            from endpoint in silo.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
            where path.StartsWith("/api/", StringComparison.Ordinal)
            from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
            select $"{method} {path}";
        var documented = _document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(one => $"{one.Key.ToUpperInvariant()} {path.Key}"));

        Assert.Equal(routes.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task It_has_every_parameter_and_no_other()
    {
        foreach (var (path, operation) in Operations.Where(one => one.Operation.ContainsKey("parameters")))
        {
            var problem = await Get(Filled(path) + "?nonsense=1", HttpStatusCode.BadRequest);
            var known = ((string)problem["detail"]!)["nonsense is no parameter here; there are ".Length..].TrimEnd('.').Split(", ");

            Assert.Equal(
                Parameters(operation, "query").Select(one => (string)one["name"]!).DefaultIfEmpty("none").Order(StringComparer.Ordinal),
                known.Order(StringComparer.Ordinal));
            Assert.Equal(
                path.Split('/').Where(part => part[..Math.Min(1, part.Length)] == "{"),
                Parameters(operation, "path").Select(one => $"{{{one["name"]}}}"));
        }
    }

    [Fact]
    public async Task What_it_allows_is_taken_and_what_it_does_not_is_refused()
    {
        foreach (var (path, operation) in Operations)
        {
            foreach (var parameter in Parameters(operation, "query"))
            {
                var (good, bad) = Examples(parameter["schema"]!.AsObject());
                foreach (var value in good)
                {
                    Assert.NotEqual(HttpStatusCode.BadRequest, await Status($"{Filled(path)}?{parameter["name"]}={value}"));
                }

                foreach (var value in bad)
                {
                    Assert.Equal(HttpStatusCode.BadRequest, await Status($"{Filled(path)}?{parameter["name"]}={value}"));
                }
            }
        }
    }

    [Fact]
    public async Task Answers_are_as_it_says()
    {
        await silo.Resource(new("documented", "logs")).Observe(Manifest(), Cancellation);
        var schema = new AnswerSchema(_document);

        foreach (var (path, operation) in Operations)
        {
            var answer = await Get(path.Replace("{namespace}", "documented", StringComparison.Ordinal).Replace("{name}", "logs", StringComparison.Ordinal), null);
            var isProblem = answer.ContainsKey("title");

            Assert.Equal(isProblem, path.StartsWith("/api/v1/searchdatasets/{", StringComparison.Ordinal));
            Assert.Empty(schema.Problems(answer, isProblem
                ? _document["components"]!["schemas"]!["Problem"]
                : operation["responses"]!["200"]!["content"]!["application/json"]!["schema"]));
        }
    }

    [Fact]
    public async Task Its_history_has_what_is_stored()
    {
        await silo.Resource(new("documented", "logs")).Observe(Manifest(), Cancellation);
        await Store(Records.Check() with { Seq = 9 }, Records.Transition() with { Seq = 10 }, Records.Tombstone() with { Seq = 11 }, Records.Update() with { Seq = 12 });

        var page = await Get("/api/v1/searchclusters/documented/logs/history?from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z");

        Assert.Contains(page["items"]!.AsArray(), record => (long?)record!["seq"] == 9);
        Assert.Empty(new AnswerSchema(_document).Problems(page, _document["components"]!["schemas"]!["History"]));
    }

    private async Task Store(params HistoryRecord[] records)
    {
        foreach (var entry in records.Select(record => HistoryObject.Seal(
            record with { Target = record.Target with { Namespace = "documented", Name = "logs" } })))
        {
            await silo.Services.GetRequiredService<IHistoryStore>().Put(entry.Key, entry.Body, Cancellation);
        }
    }

    private static Manifest Manifest() => new()
    {
        Namespace = "documented",
        Name = "logs",
        Uid = "documented",
        Generation = 1,
        ResourceVersion = "1",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Spec = """{"endpoints":["http://search.invalid:9200"],"suspend":true}""",
    };

    private static (string[] Good, string[] Bad) Examples(JsonObject schema)
    {
        if (schema["items"]?["enum"] is JsonArray several)
        {
            var all = string.Join(',', several);
            return ([all, (string)several[0]!], [all + ",x"]);
        }

        return schema switch
        {
            _ when schema["enum"] is JsonArray words => ([.. words.Select(word => (string)word!)], ["x"]),
            _ when schema["minimum"] is { } least => ([$"{least}", $"{schema["maximum"]}"], [$"{(int)least - 1}", $"{(int)schema["maximum"]! + 1}"]),
            _ when (string?)schema["$ref"] == "#/components/schemas/Time" => ([], ["yesterday"]),
            _ => (schema["pattern"] is null && schema["$ref"] is null ? [] : ["a"], ["-"]),
        };
    }

    private static IEnumerable<JsonObject> Parameters(JsonObject operation, string place) =>
        (operation["parameters"]?.AsArray() ?? []).Select(one => one!.AsObject()).Where(one => (string?)one["in"] == place);

    private static string Filled(string path) => path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);

    private async Task<HttpStatusCode> Status(string path)
    {
        using var answer = await silo.Api.GetAsync(path, Cancellation);
        return answer.StatusCode;
    }

    private async Task<JsonObject> Get(string path, HttpStatusCode? status = HttpStatusCode.OK)
    {
        using var answer = await silo.Api.GetAsync(path, Cancellation);
        Assert.Equal(status ?? answer.StatusCode, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
    }
}
