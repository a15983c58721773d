using System.Net;
using ClusterGrains.Hosting;
using ClusterGrains.Telemetry;
using ClusterGrains.Tests.Hosting;
using ClusterGrains.Tests.Sandbox.Kubernetes;
using ClusterGrains.Tests.Tidy;
using k8s;
using k8s.Models;

namespace ClusterGrains.Tests.Manifests;

/// <summary>The overlays as kubectl renders them, against what the silo does.</summary>
public sealed class InstallationTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private const string Single = "k8s/overlays/single";
    private const string Ha = "k8s/overlays/ha";

    [Theory]
    [InlineData("k8s/base")]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task It_renders_with_everything_that_it_refers_to(string folder)
    {
        var it = await Installation.Render(folder);

        Assert.Equal(it.Pod.Spec.ServiceAccountName, Assert.Single(it.Objects.OfType<V1ServiceAccount>()).Name());
        Assert.Contains(":", it.Silo.Image, StringComparison.Ordinal);
        var claims = it.Objects.OfType<V1StatefulSet>().SelectMany(set => set.Spec.VolumeClaimTemplates).Select(claim => claim.Name());
        Assert.Equal(
            it.Silo.VolumeMounts.Select(mount => mount.Name).Order(),
            (it.Pod.Spec.Volumes ?? []).Select(volume => volume.Name).Union(claims).Order());
    }

    /// <summary>
    /// CRDs of the version before would take fields from what users wrote, and whoever deletes the installation would delete all
    /// resources with the CRDs, and the volume with the namespace.
    /// </summary>
    [Theory]
    [InlineData("k8s/base")]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task It_holds_nothing_that_must_outlive_it(string folder)
    {
        var it = await Installation.Render(folder);

        Assert.Empty(it.Objects.OfType<V1CustomResourceDefinition>());
        Assert.Empty(it.Objects.OfType<V1Namespace>());
        Assert.Empty(it.Objects.OfType<V1PersistentVolumeClaim>());
        var installed = Manifest.Read("k8s/namespace.yaml").OfType<V1Namespace>().Single().Name();
        Assert.All(it.Objects.OfType<IMetadata<V1ObjectMeta>>(), one => Assert.Contains(one.Namespace(), (string?[])[null, installed]));
    }

    [Theory]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task Its_settings_are_those_that_fleets_of_processes_are_tested_with(string folder) => Assert.Equal(
        (await Installation.Render(folder)).Environment.Where(one => one.Value is not null).ToDictionary(one => one.Name, one => one.Value!),
        OverlaySettings.Of(folder).ToDictionary());

    [Theory]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task The_silo_accepts_its_settings(string folder)
    {
        using var data = new SiloFolder();
        using var tls = new TlsFolder();
        var it = await Installation.Render(folder);
        // Which bucket is for an overlay of yours to say.
        string[] yours = folder == Ha ? ["--History:Uri=s3://bucket/prefix", "--History:S3:Region=eu-central-1"] : [];

        Assert.Empty(it.Settings.Select(one => one.Name).Except(Setting.All.Select(setting => setting.Name)));
        await using var app = SiloHost.Build([.. data.Settings, .. it.CommandLine(tls), .. yours]);
    }

    [Fact]
    public async Task What_nobody_but_the_user_can_know_is_asked_for_instead_of_guessed()
    {
        using var data = new SiloFolder();
        using var tls = new TlsFolder();
        var it = await Installation.Render(Ha);

        var mistakes = Assert.Throws<SettingsException>(() => SiloHost.Build([.. data.Settings, .. it.CommandLine(tls)]));

        Assert.StartsWith("History:Uri 's3://YOURS/", mistakes.Message, StringComparison.Ordinal);
        Assert.StartsWith("registry.invalid/", it.Silo.Image, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_the_pod_can_know_is_asked_for_by_the_silo() => Rule.Holds(
        "A variable that is no setting is read somewhere",
        from variable in (await Installation.Render("k8s/base")).Silo.Env
        where !House.ProductSources.Any(source =>
            source.Project == "Silo" && House.Read(source.Path).Contains($"\"{variable.Name}\"", StringComparison.Ordinal))
        select variable.Name);

    [Theory]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task Every_probe_is_answered_on_the_port_it_asks(string folder)
    {
        var it = await Installation.Render(folder);
        V1HTTPGetAction[] probes = [it.Silo.StartupProbe.HttpGet, it.Silo.LivenessProbe.HttpGet, it.Silo.ReadinessProbe.HttpGet];

        foreach (var probe in probes)
        {
            using var answer = await silo.Management.GetAsync(probe.Path, TestContext.Current.CancellationToken);
            Assert.NotEqual(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal(new ManagementOptions().Port, it.Port(probe.Port));
        }

        Assert.Equal(["/livez", "/livez", "/readyz"], probes.Select(probe => probe.Path));
    }

    [Theory]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task Services_and_policies_are_about_ports_that_the_silo_opens_to_others(string folder)
    {
        var it = await Installation.Render(folder);
        var ports = it.Silo.Ports.ToDictionary(port => port.Name, port => port.ContainerPort);
        var spoken = it.Objects.OfType<V1Service>().SelectMany(service => service.Spec.Ports).Select(port => port.TargetPort.Value)
            .Concat(it.Objects.OfType<V1NetworkPolicy>().SelectMany(policy => policy.Spec.Ingress).SelectMany(rule => rule.Ports)
                .Select(port => port.Port.Value));

        Assert.Equal(ports.Keys.Order(), spoken.Distinct().Order());
        Assert.Equal(new ManagementOptions().Port, ports["management"]);
        Assert.Equal(new OrleansOptions().SiloPort, ports.GetValueOrDefault("silo", new OrleansOptions().SiloPort));
        Assert.Equal(new HttpOptions().Port, ports.GetValueOrDefault("api", new HttpOptions().Port));
    }

    /// <summary>Who opens the API to others asks them for tokens, over TLS, with a certificate from a Secret.</summary>
    [Theory]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task The_API_is_open_to_others_exactly_when_they_are_asked_who_they_are(string folder)
    {
        var it = await Installation.Render(folder);
        var settings = it.Environment.ToDictionary();
        var isOpen = it.Silo.Ports.Any(port => port.Name == "api");

        Assert.Equal(isOpen, settings.GetValueOrDefault("Access__Mode") == "Kubernetes");
        Assert.Equal(isOpen, it.Objects.OfType<V1Service>().Any(service => service.Spec.Ports.Any(port => port.TargetPort.Value == "api")));
        Assert.Equal(isOpen, it.Objects.OfType<V1ClusterRoleBinding>().Any(binding => binding.RoleRef.Name == "clustergrains-access"));
        if (isOpen)
        {
            var mount = it.Silo.VolumeMounts.Single(mount => settings["Http__Tls__CertificatePath"] == $"{mount.MountPath}/tls.crt");
            Assert.Equal($"{mount.MountPath}/tls.key", settings["Http__Tls__KeyPath"]);
            Assert.Equal("clustergrains-tls", it.Pod.Spec.Volumes.Single(volume => volume.Name == mount.Name).Secret.SecretName);
        }
    }

    [Theory]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task Everything_that_selects_pods_selects_the_silos(string folder)
    {
        var it = await Installation.Render(folder);
        var labels = it.Pod.Metadata.Labels;
        var selectors = it.Objects.OfType<V1Service>().Select(service => service.Spec.Selector)
            .Concat(it.Objects.OfType<V1NetworkPolicy>().Select(policy => policy.Spec.PodSelector.MatchLabels ?? new Dictionary<string, string>()))
            .Concat(it.Objects.OfType<V1PodDisruptionBudget>().Select(budget => budget.Spec.Selector.MatchLabels))
            .Concat(it.Objects.OfType<V1Deployment>().Select(workload => workload.Spec.Selector.MatchLabels))
            .Concat(it.Objects.OfType<V1StatefulSet>().Select(workload => workload.Spec.Selector.MatchLabels))
            .Concat((it.Pod.Spec.TopologySpreadConstraints ?? []).Select(spread => spread.LabelSelector.MatchLabels));

        var expressions = it.Objects.OfType<V1NetworkPolicy>().SelectMany(policy => policy.Spec.PodSelector.MatchExpressions ?? []);

        Assert.All(selectors, selector => Assert.All(selector, pair => Assert.Equal(labels[pair.Key], pair.Value)));
        Assert.All(expressions, one => Assert.Equal(("In", true), (one.OperatorProperty, one.Values.Contains(labels[one.Key]))));
    }

    /// <summary>The profile "restricted" of the Pod Security Standards, and a root file system that nobody writes.</summary>
    [Theory]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task A_pod_has_no_right_that_it_does_not_need(string folder)
    {
        var it = await Installation.Render(folder);
        var (pod, container) = (it.Pod.Spec.SecurityContext, it.Silo.SecurityContext);

        Assert.True(pod.RunAsNonRoot);
        Assert.True(pod.RunAsUser > 0);
        Assert.Equal("RuntimeDefault", pod.SeccompProfile.Type);
        Assert.False(container.AllowPrivilegeEscalation);
        Assert.True(container.ReadOnlyRootFilesystem);
        Assert.Equal(["ALL"], container.Capabilities.Drop);
        Assert.Null(container.Capabilities.Add);
        Assert.NotEqual(true, it.Pod.Spec.HostNetwork);
        Assert.Equal(
            "restricted",
            Manifest.Read("k8s/namespace.yaml").OfType<V1Namespace>().Single().Labels()["pod-security.kubernetes.io/enforce"]);
        Assert.All(
            it.Pod.Spec.Volumes ?? [],
            volume => Assert.True(
                volume.EmptyDir is not null || volume.PersistentVolumeClaim is not null || volume.Secret?.SecretName == "clustergrains-tls",
                $"{volume.Name} is neither a volume of the pod's own nor its certificate."));
    }

    [Theory]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task Memory_is_limited_and_processor_time_is_not(string folder)
    {
        var resources = (await Installation.Render(folder)).Silo.Resources;

        Assert.True(resources.Requests.ContainsKey("cpu"));
        Assert.True(resources.Requests.ContainsKey("memory"));
        Assert.True(resources.Limits.ContainsKey("memory"));
        Assert.False(resources.Limits.ContainsKey("cpu"));
    }

    [Fact]
    public async Task The_single_silo_never_has_a_second_one_beside_it_and_keeps_its_disk()
    {
        var it = await Installation.Render(Single);
        var set = it.Objects.OfType<V1StatefulSet>().Single();
        var settings = it.Environment.ToDictionary();

        Assert.Equal(1, set.Spec.Replicas);
        var claim = set.Spec.VolumeClaimTemplates.Single().Name();
        Assert.Equal(
            $"{claim}-{set.Name()}-0",
            it.Pod.Spec.Volumes.Single(volume => volume.Name == claim).PersistentVolumeClaim.ClaimName);
        Assert.Equal("Retain", set.Spec.PersistentVolumeClaimRetentionPolicy.WhenDeleted);
        Assert.Equal(set.Spec.ServiceName, it.Objects.OfType<V1Service>().Single(one => one.Spec.ClusterIP == "None").Name());
        var folder = it.Silo.VolumeMounts.Single(mount => mount.Name == claim).MountPath;
        Assert.StartsWith($"{folder}/", settings["Storage__Sqlite__Path"], StringComparison.Ordinal);
        Assert.StartsWith($"file:{folder}/", settings["History__Uri"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_loss_of_one_node_leaves_two_of_three_silos()
    {
        var it = await Installation.Render(Ha);
        var deployment = it.Objects.OfType<V1Deployment>().Single();

        Assert.Equal(3, deployment.Spec.Replicas);
        Assert.Equal("0", deployment.Spec.Strategy.RollingUpdate.MaxUnavailable.Value);
        Assert.Equal("1", it.Objects.OfType<V1PodDisruptionBudget>().Single().Spec.MaxUnavailable.Value);
        var spread = it.Pod.Spec.TopologySpreadConstraints.Single(one => one.TopologyKey == "kubernetes.io/hostname");
        Assert.Equal((1, "DoNotSchedule"), (spread.MaxSkew, spread.WhenUnsatisfiable));
    }

    /// <summary>The kubelet waits for longer than a silo takes, with a collector that hangs in each of three exporters.</summary>
    [Theory]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task A_silo_that_is_told_to_stop_is_not_killed_before_it_has_handed_over(string folder)
    {
        var grace = TimeSpan.FromSeconds((await Installation.Render(folder)).Pod.Spec.TerminationGracePeriodSeconds!.Value);

        Assert.InRange(grace, 2 * (SiloHost.ShutdownTimeout + TimeSpan.FromMilliseconds(3 * TelemetryParts.TimeoutMilliseconds)), TimeSpan.FromMinutes(1));
    }

    /// <summary>On the server of <c>CLUSTERGRAINS_TEST_KUBECONFIG</c>. Leaves nothing behind.</summary>
    [Theory]
    [InlineData("k8s/crds")]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task A_real_API_server_would_take_it(string folder)
    {
        var path = Environment.GetEnvironmentVariable("CLUSTERGRAINS_TEST_KUBECONFIG");
        Assert.SkipWhen(string.IsNullOrEmpty(path), "CLUSTERGRAINS_TEST_KUBECONFIG names no API server.");
        using var kubectl = new Kubectl(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));

        // A dry run creates no namespace for the other objects to be in.
        var yaml = (await Installation.Yaml(folder)).Replace("namespace: clustergrains", "namespace: default", StringComparison.Ordinal);
        await kubectl.Run("apply", "--server-side", "--force-conflicts", "--dry-run=server", "-f", kubectl.File("all.yaml", yaml));
    }

    [Fact]
    public async Task What_is_secret_comes_from_a_Secret_that_the_manifests_do_not_hold()
    {
        var it = await Installation.Render(Ha);
        var connection = it.Silo.Env.Single(one => one.Name == "Storage__MongoDb__ConnectionString");

        Assert.Null(connection.Value);
        Assert.NotNull(connection.ValueFrom.SecretKeyRef);
        Assert.Empty(it.Objects.OfType<V1Secret>());
    }
}
