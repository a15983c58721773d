using System.Diagnostics;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Tests.Tidy;

namespace ClusterGrains.Tests.Manifests;

/// <summary>Prometheus' own tool reads the rules and plays what happens through them.</summary>
public sealed class AlertTests : IDisposable
{
    private const string Cases = "alerts.test.yaml";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("promtool");

    [Fact]
    public async Task Prometheus_accepts_the_rules()
    {
        Write(Rules());

        Assert.Contains("SUCCESS", await Promtool("check", "rules", "rules.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prometheus_accepts_the_expressions_of_the_dashboard()
    {
        var expressions =
            from panel in JsonNode.Parse(House.Read("k8s/monitoring/clustergrains.json"))!["panels"]!.AsArray()
            from target in panel!["targets"]?.AsArray() ?? []
            select ((string)target!["expr"]!).Replace("$__rate_interval", "5m", StringComparison.Ordinal);
        var rules = expressions.Select((expression, i) => new JsonObject { ["record"] = $"panel:{i}", ["expr"] = expression });
        Write(new JsonObject
        {
            ["groups"] = new JsonArray(new JsonObject { ["name"] = "dashboard", ["rules"] = new JsonArray([.. rules]) }),
        });

        Assert.Contains("SUCCESS", await Promtool("check", "rules", "rules.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alert_fires_when_it_should_and_only_then()
    {
        var rules = Rules();
        foreach (var rule in rules["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()))
        {
            rule!["annotations"] = new JsonObject { ["value"] = "{{ $value }}" };
        }

        Write(rules);
        File.WriteAllText(Path.Combine(_folder.FullName, Cases), House.Read($"Tests/Manifests/{Cases}"));

        Assert.Contains("SUCCESS", await Promtool("test", "rules", Cases), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_alert_is_tried()
    {
        var cases = House.Read($"Tests/Manifests/{Cases}");

        Assert.All(
            Rules()["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => (string)rule!["alert"]!),
            alert => Assert.Contains(alert, cases, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static JsonNode Rules() => Yaml.Documents(House.Read("k8s/monitoring/rules.yaml")).Single()["spec"]!;

    private void Write(JsonNode rules) => File.WriteAllText(Path.Combine(_folder.FullName, "rules.json"), rules.ToJsonString());

    private async Task<string> Promtool(params string[] args)
    {
        var executable = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(executable is null, "promtool is not on the PATH: the alerts were not tried.");
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo(executable, args)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation).WaitAsync(Limit, cancellation);
        Assert.True(process.ExitCode == 0, $"promtool {string.Join(' ', args)} ended with {process.ExitCode}:\n{await output}\n{await error}");
        return await output + await error;
    }
}
