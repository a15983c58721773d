using ClusterGrains.Hosting;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Tests.Hosting;
using k8s.Models;

namespace ClusterGrains.Tests.Manifests;

/// <summary>The operator's role allows what it does and nothing else: what it does is recorded from a silo at work.</summary>
public sealed class RoleTests : IAsyncLifetime
{
    /// <summary>Makes the silo use every right it has: both kinds, a Secret, a ConfigMap, a status, an Event.</summary>
    private const string Resources = """
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchCluster
        metadata: {name: logs, namespace: default}
        spec:
          endpoints: [http://127.0.0.1:1]
          auth: {basic: {secretRef: {name: logs-monitor}}}
        ---
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchDataset
        metadata: {name: products, namespace: default}
        spec:
          clusterRef: {name: logs}
          alias: products
          source: {uri: "s3://feeds/products", secretRef: {name: feeds}}
          index: {configMapRef: {name: products}}
        """;

    // Only turns a hang into a failure.
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(4));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clustergrains-");
    private readonly SiloFolder _silo = new();
    private readonly TlsFolder _tls = new();
    private KubernetesApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await KubernetesApi.Start(
        new KubernetesApiOptions { DataFolder = _folder.FullName }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _limit.Dispose();
        await _api.DisposeAsync();
        _folder.Delete(recursive: true);
        _silo.Dispose();
        _tls.Dispose();
    }

    /// <summary>The base alone, with the component <c>access</c>, and with the component <c>namespaced</c> as well.</summary>
    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(true, "default,elsewhere")]
    public async Task The_roles_allow_exactly_what_a_silo_does(bool access, string namespaces)
    {
        using var record = new RequestRecord(new Uri(_api.Url).Port);
        var allowed = Allowed(access).Order().ToArray();
        _api.Seed(Resources);
        await using var app = SiloHost.Build(
            [.. _silo.Settings, $"--Kubernetes:Kubeconfig={_api.KubeconfigPath}", $"--Kubernetes:Namespaces={namespaces}", "--Watch:SweepInterval=10s", .. access ? _tls.Settings : []]);
        await SiloHost.Start(app);
        if (access)
        {
            using var caller = _tls.Client(SiloHost.HttpAddress(app));
            caller.DefaultRequestHeaders.Authorization = new("Bearer", _api.Token);
            (await caller.GetAsync("/api/v1/searchclusters", _limit.Token)).EnsureSuccessStatusCode();
        }

        // What it does and may not is found at once; for what it may and does not, it is given time.
        while (allowed.Except(record.Done).Any() && !_limit.IsCancellationRequested)
        {
            await record.Next(_limit.Token);
        }

        await app.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(allowed, record.Done.Order());
        if (namespaces.Length > 0)
        {
            // Bound in those namespaces the base's role is enough. Reviews belong to no namespace.
            Assert.Equal(Words([Access()]).Order(), record.Everywhere.Order());
        }
    }

    [Fact]
    public async Task Rights_in_some_namespaces_are_the_same_role_bound_there_and_nowhere_else()
    {
        using var own = new OwnOverlays();
        var it = await own.Render("k8s/overlays/single", "k8s/components/namespaced");
        var binding = (await Installation.Render("k8s/watched-namespace")).Objects.OfType<V1RoleBinding>().Single();

        Assert.Empty(it.Objects.OfType<V1ClusterRoleBinding>());
        Assert.Contains(it.Objects.OfType<V1ClusterRole>(), role => (role.Kind, role.Name()) == (binding.RoleRef.Kind, binding.RoleRef.Name));
        Assert.Equal(Base().Name(), binding.RoleRef.Name);
        var account = it.Objects.OfType<V1ServiceAccount>().Single();
        var subject = Assert.Single(binding.Subjects);
        Assert.Equal((account.Kind, account.Name(), account.Namespace()), (subject.Kind, subject.Name, subject.NamespaceProperty));
        Assert.Null(binding.Namespace());
    }

    [Fact]
    public void Users_may_do_everything_with_their_resources_but_write_the_status()
    {
        var roles = Manifest.Read("k8s/base/user-roles.yaml").OfType<V1ClusterRole>();

        Assert.Equal(
            ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
            roles.SelectMany(role => role.Rules).SelectMany(rule => rule.Verbs).Order());
        Assert.All(roles.SelectMany(role => role.Rules), rule => Assert.Equal(Base().Rules[0].Resources, rule.Resources));
    }

    private static V1ClusterRole Base() => Manifest.Read("k8s/base/rbac.yaml").OfType<V1ClusterRole>().Single();

    private static V1ClusterRole Access() =>
        Manifest.Read("k8s/components/access/rbac.yaml").OfType<V1ClusterRole>().Single(role => role.Name() == "clustergrains-access");

    private static IEnumerable<string> Allowed(bool access) => Words(access ? [Base(), Access()] : [Base()]);

    private static IEnumerable<string> Words(IEnumerable<V1ClusterRole> roles) =>
        from role in roles
        from rule in role.Rules
        from apiGroup in rule.ApiGroups
        from resource in rule.Resources
        from verb in rule.Verbs
        select $"{verb} {resource}{(apiGroup.Length == 0 ? "" : $" of {apiGroup}")}";
}
