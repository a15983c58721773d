using System.Globalization;
using ClusterGrains.Hosting;
using ClusterGrains.Storage;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Hosting;
using ClusterGrains.Tests.MongoDouble;
using ClusterGrains.Tests.Storage;
using ClusterGrains.Tests.Transfer;
using k8s;
using k8s.Models;

namespace ClusterGrains.Tests.Manifests;

/// <summary>The Jobs of <c>k8s/jobs</c> on the overlays: what they run and with what, and that they leave the silos alone.</summary>
public sealed class JobTests(DoubledMongo mongo) : IClassFixture<DoubledMongo>, IDisposable
{
    private const string Single = "k8s/overlays/single";
    private const string Ha = "k8s/overlays/ha";

    private readonly OwnOverlays _own = new();
    private readonly TlsFolder _tls = new();

    public static MatrixTheoryData<string, string> All => new([Single, Ha], ["verify", "export", "import"]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _own.Dispose();
        _tls.Dispose();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task It_runs_once_in_a_pod_like_the_silos_with_all_that_they_read(string overlay, string name)
    {
        var (silos, job) = (await Installation.Render(overlay), await Job(overlay, name));

        Assert.Equal(silos.Settings, job.Settings);
        Assert.Equal(Yaml(silos.Silo.Env), Yaml(job.Silo.Env));
        Assert.Equal(silos.Silo.Image, job.Silo.Image);
        Assert.Equal(Yaml(silos.Pod.Spec.SecurityContext), Yaml(job.Pod.Spec.SecurityContext));
        Assert.Equal(Yaml(silos.Silo.SecurityContext), Yaml(job.Silo.SecurityContext));
        Assert.Equal(silos.Pod.Spec.ServiceAccountName, job.Pod.Spec.ServiceAccountName);
        Assert.Equal(name == "verify", job.Pod.Spec.AutomountServiceAccountToken);
        Assert.Equal("Never", job.Pod.Spec.RestartPolicy);
        Assert.Equal(0, job.Objects.OfType<V1Job>().Single().Spec.BackoffLimit);
        Assert.True(job.Silo is { Ports: null, StartupProbe: null, LivenessProbe: null, ReadinessProbe: null });
        Assert.NotEqual(silos.Silo.Resources.Limits["memory"].ToString(), job.Silo.Resources.Limits["memory"].ToString());
        Assert.Equal(
            job.Silo.VolumeMounts.Select(mount => mount.Name).Order(), job.Pod.Spec.Volumes.Select(volume => volume.Name).Order());
        Assert.Superset(
            silos.Silo.VolumeMounts.Select(mount => mount.MountPath).ToHashSet(), job.Silo.VolumeMounts.Select(mount => mount.MountPath).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Nothing_of_it_is_the_silos_and_nobody_takes_it_for_one_of_them(string overlay, string name)
    {
        var (silos, job) = (await Installation.Render(overlay), await Job(overlay, name));
        var labels = job.Pod.Metadata.Labels;
        var selectors = silos.Objects.OfType<V1Service>().Select(service => service.Spec.Selector)
            .Concat(silos.Objects.OfType<V1PodDisruptionBudget>().Select(budget => budget.Spec.Selector.MatchLabels))
            .Concat(silos.Objects.OfType<V1Deployment>().Select(workload => workload.Spec.Selector.MatchLabels))
            .Concat(silos.Objects.OfType<V1StatefulSet>().Select(workload => workload.Spec.Selector.MatchLabels));

        Assert.Equal(["ConfigMap", "Job"], job.Objects.OfType<IKubernetesObject>().Select(one => one.Kind).Order());
        Assert.Empty(Names(job).Intersect(Names(silos)));
        Assert.All(selectors, selector => Assert.Contains(selector, pair => !labels.Contains(pair)));
        Assert.Contains(
            silos.Objects.OfType<V1NetworkPolicy>().Where(policy => policy.Spec.Egress is not null).SelectMany(policy => policy.Spec.PodSelector.MatchExpressions),
            one => one.Values.Contains(labels[one.Key]));
    }

    [Theory]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task Verify_takes_the_arguments_and_settings(string overlay)
    {
        using var data = new SiloFolder();
        var job = await Job(overlay, "verify");

        Assert.Equal(["verify"], job.Silo.Args);
        await using var verify = VerifyHost.Build([.. data.Settings, .. job.CommandLine(_tls), .. Bucket(overlay)]);
    }

    [Fact]
    public async Task What_the_export_of_one_silo_writes_the_import_of_three_takes()
    {
        using var volume = new TestFolder();
        using var source = new SqliteStore();
        using var target = new MongoStore(mongo);
        await source.Open();
        var written = new GrainState<SampleState>(new SampleState { Name = "a", Revision = 1 }, null!);
        await source.Storage.WriteStateAsync("state", GrainId.Create("sample", "a"), written, Cancellation);
        source.Close();

        await Run(await Job(Single, "export"), volume.Path, source);
        await Run(await Job(Ha, "import"), volume.Path, target);

        await target.Open();
        var moved = new GrainState<SampleState>();
        await target.Storage.ReadStateAsync("state", GrainId.Create("sample", "a"), moved, Cancellation);
        Assert.Equal((written.ETag, written.State), (moved.ETag, moved.State));
    }

    [Fact]
    public async Task Where_there_was_no_single_silo_the_volume_is_made_as_one_would_make_it()
    {
        var claim = (await Installation.Render("k8s/jobs/volume")).Objects.OfType<V1PersistentVolumeClaim>().Single();
        var single = await Installation.Render(Single);
        var template = single.Objects.OfType<V1StatefulSet>().Single().Spec.VolumeClaimTemplates.Single();

        Assert.Equal(Yaml(template.Spec), Yaml(claim.Spec));
        Assert.Equal(single.Pod.Spec.Volumes.Single(volume => volume.Name == template.Name()).PersistentVolumeClaim.ClaimName, claim.Name());
        Assert.All(
            (await Job(Ha, "export")).Pod.Spec.Volumes.Where(volume => volume.PersistentVolumeClaim is not null),
            volume => Assert.Equal(claim.Name(), volume.PersistentVolumeClaim.ClaimName));
    }

    private async Task Run(Installation job, string volume, MovedStore store)
    {
        var mount = job.Silo.VolumeMounts.Single(mount => mount.Name == "data").MountPath;
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var code = await TransferHost.Run(
            [.. job.Silo.Args.Select(arg => arg.Replace($"{mount}/", $"{volume}/", StringComparison.Ordinal)), .. job.CommandLine(_tls), .. store.Settings],
            output,
            output,
            Cancellation);
        Assert.True(code == 0, output.ToString());
    }

    private Task<Installation> Job(string overlay, string name) => _own.Render(overlay, $"k8s/jobs/{name}");

    private static string[] Bucket(string overlay) =>
        overlay == Ha ? ["--History:Uri=s3://bucket/prefix", "--History:S3:Region=eu-central-1"] : [];

    private static string Yaml(object value) => KubernetesYaml.Serialize(value);

    private static IEnumerable<(string, string)> Names(Installation it) =>
        it.Objects.Cast<IKubernetesObject<V1ObjectMeta>>().Select(one => (one.Kind, one.Name()));
}
