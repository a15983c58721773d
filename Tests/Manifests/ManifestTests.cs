using ClusterGrains.Tests.Tidy;
using k8s.Models;

namespace ClusterGrains.Tests.Manifests;

/// <summary>Each file under <c>k8s</c> by itself; works without kubectl.</summary>
public sealed class ManifestTests
{
    public static TheoryData<string> Files => [.. Manifest.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_manifest_has_known_kinds_and_only_their_fields(string path) => Assert.NotEmpty(Manifest.Read(path));

    [Theory]
    [InlineData("readOnlyRootFilesystem: true", "readonlyRootFilesystem: true")]
    [InlineData("failureThreshold: 60", "failureThreshold: often")]
    [InlineData("    spec:\n", "    spec:\n      hostNetwrk: true\n")]
    public void A_field_that_does_not_exist_is_found_however_deep_it_lies(string right, string wrong)
    {
        var text = House.Read("k8s/base/workload.yaml");
        Assert.Contains(right, text, StringComparison.Ordinal);

        Assert.ThrowsAny<Exception>(() => Manifest.Decode(text.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_file_is_part_of_a_kustomization_or_applied_by_name() => Rule.Holds(
        "A manifest that neither a kustomization nor docs/deploying.md names is never applied",
        Manifest.Files.Where(path => !IsKustomization(path) && !House.Read("docs/deploying.md").Contains($"-f {path}", StringComparison.Ordinal)).Except(
            from path in Manifest.Files.Where(IsKustomization)
            from resource in ((Kustomization)Manifest.Read(path).Single()).Resources
            select Path.GetRelativePath(House.Root, Path.Combine(House.Root, Path.GetDirectoryName(path)!, resource)).Replace('\\', '/')));

    [Fact]
    public void The_image_has_the_version_of_the_silo()
    {
        var image = ((Kustomization)Manifest.Read("k8s/base/kustomization.yaml").Single()).Images.Single();
        var container = Manifest.Read("k8s/base/workload.yaml").OfType<V1Deployment>().Single().Spec.Template.Spec.Containers.Single();

        Assert.Equal(container.Image, image.Name);
        Assert.Contains($"org.opencontainers.image.version=\"{image.NewTag}\"", House.Read("Dockerfile"), StringComparison.Ordinal);
        Assert.Equal(typeof(ClusterGrains.Hosting.SiloHost).Assembly.GetName().Version?.ToString(3), image.NewTag);
    }

    private static bool IsKustomization(string path) =>
        Path.GetFileNameWithoutExtension(path).Equals("kustomization", StringComparison.OrdinalIgnoreCase);
}
