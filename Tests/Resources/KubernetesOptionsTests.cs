using ClusterGrains.Resources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Tests.Resources;

public sealed class KubernetesOptionsTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"clustergrains-{Guid.NewGuid():N}.kubeconfig");

    [Fact]
    public void A_kubeconfig_that_can_be_used_is_accepted()
    {
        Write(
            "current-context: a", "contexts: [{ name: a, context: { cluster: c, user: u } }]",
            "clusters: [{ name: c, cluster: { server: 'https://127.0.0.1:6443' } }]", "users: [{ name: u, user: { token: t } }]");

        Assert.Empty(Problems(("Kubernetes:Kubeconfig", _file), ("Kubernetes:Namespaces:0", "search")));
    }

    [Fact]
    public void Without_any_setting_and_outside_a_pod_the_cure_is_named() =>
        Assert.Contains("KUBECONFIG are empty, and this process does not run in a pod", Assert.Single(Problems()));

    [Fact]
    public void A_file_that_is_not_there_is_named_with_the_setting_it_came_from()
    {
        Assert.StartsWith(
            "Kubernetes:Kubeconfig ('/nowhere') does not exist.", Assert.Single(Problems(("Kubernetes:Kubeconfig", "/nowhere"))));
        Assert.StartsWith("KUBECONFIG ('/nowhere') does not exist.", Assert.Single(Problems(("KUBECONFIG", "/nowhere"))));
    }

    [Theory]
    [InlineData("has no current-context", "contexts: [{ name: a, context: { cluster: c } }]")]
    [InlineData("no context named 'b'", "current-context: b", "contexts: [{ name: a, context: { cluster: c } }]")]
    [InlineData("no server URL", "current-context: a", "contexts: [{ name: a, context: { cluster: c } }]")]
    [InlineData(
        "no user named 'u'", "current-context: a", "contexts: [{ name: a, context: { cluster: c, user: u } }]",
        "clusters: [{ name: c, cluster: { server: 'http://127.0.0.1' } }]")]
    [InlineData("cannot be read as a kubeconfig", "this: [is: not")]
    [InlineData("cannot be read as a kubeconfig")]
    public void What_is_wrong_with_a_kubeconfig_is_said(string expected, params string[] lines)
    {
        Write(lines);

        Assert.Contains(expected, Assert.Single(Problems(("Kubernetes:Kubeconfig", _file))));
    }

    [Fact]
    public void All_mistakes_are_named_at_once() =>
        Assert.Equal(3, Problems(
            ("Kubernetes:Kubeconfig", "/nowhere"), ("Kubernetes:Namespaces:0", "UPPER"), ("Kubernetes:Namespaces:1", "a/b")).Count);

    [Fact]
    public void Namespaces_in_one_variable_are_understood()
    {
        var options = Read(("Kubernetes:Namespaces", "search, logs,search"));

        Assert.Equal(["search", "logs"], options.Scopes);
    }

    [Fact]
    public void No_namespace_means_the_whole_cluster() => Assert.Null(Assert.Single(Read().Scopes));

    public void Dispose() => File.Delete(_file);

    private void Write(params string[] lines) => File.WriteAllLines(_file, lines);

    private static KubernetesOptions Read(params (string Key, string Value)[] settings)
    {
        using var services = Services(settings);
        return services.GetServices<IPostConfigureOptions<KubernetesOptions>>().Aggregate(
            services.GetRequiredService<IConfiguration>().GetSection("Kubernetes").Get<KubernetesOptions>() ?? new(),
            (options, configure) =>
            {
                configure.PostConfigure(Options.DefaultName, options);
                return options;
            });
    }

    private static IReadOnlyCollection<string> Problems(params (string Key, string Value)[] settings)
    {
        using var services = Services(settings);
        try
        {
            _ = services.GetRequiredService<IOptions<KubernetesOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException invalid)
        {
            return [.. invalid.Failures];
        }
    }

    private static ServiceProvider Services((string Key, string Value)[] settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)))
            .Build())
        .AddLogging()
        .AddMetrics()
        .AddKubernetes()
        .BuildServiceProvider();
}
