using System.Text.RegularExpressions;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Hosting;
using ClusterGrains.Tests.Tidy;
using k8s;
using k8s.Models;

namespace ClusterGrains.Tests.Manifests;

/// <summary>The overlays that the documentation shows, as whoever copies them has them, and the folders that its commands name.</summary>
public sealed partial class DocumentedOverlayTests : IDisposable
{
    private static readonly string[] Pages =
        [.. House.Files.Where(path => path == "README.md" || (path.StartsWith("docs/", StringComparison.Ordinal) && path.EndsWith(".md", StringComparison.Ordinal)))];

    private static readonly Dictionary<string, string> Shown = Pages.SelectMany(page => Overlay().Matches(House.Read(page)))
        .ToDictionary(match => match.Groups["folder"].Value, match => match.Groups["text"].Value);

    private readonly OwnOverlays _own = new();

    public DocumentedOverlayTests()
    {
        foreach (var (folder, text) in Shown)
        {
            _own.Add(folder, text);
        }

        foreach (var file in Shown.SelectMany(one => ((Kustomization)Manifest.Decode(one.Value).Single()).ConfigMapGenerator
            .SelectMany(map => map.Files).Select(file => $"{one.Key}/{file}")))
        {
            _own.AddFile(file, "");
        }
    }

    public static TheoryData<string> Folders => [.. Shown.Keys];

    public void Dispose() => _own.Dispose();

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task It_runs_an_image_of_the_user_by_its_digest_and_installs_nothing_that_must_outlive_it(string folder)
    {
        var it = await _own.Render(folder);

        Assert.Matches("^registry\\.example\\.com/.*@sha256:[0-9a-f]{64}$", it.Silo.Image);
        Assert.Empty(it.Objects.OfType<V1CustomResourceDefinition>());
        Assert.Empty(it.Objects.OfType<V1Namespace>());
        Assert.All(it.Objects.OfType<IMetadata<V1ObjectMeta>>(), one => Assert.Contains(one.Namespace(), (string?[])[null, "clustergrains"]));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task The_silo_accepts_what_it_says(string folder)
    {
        using var data = new SiloFolder();
        using var tls = new TlsFolder();
        var it = await _own.Render(folder);

        Assert.Empty(it.Settings.Select(one => one.Name).Except(Setting.All.Select(setting => setting.Name)));
        await using var app = SiloHost.Build([.. data.Settings, .. it.CommandLine(tls)]);
    }

    [Fact]
    public void Every_folder_and_file_that_a_command_names_is_there_or_shown() => Rule.Holds(
        "A command of the documentation names a file of k8s, or an overlay that the documentation shows",
        from page in Pages
        from match in Named().Matches(House.Read(page))
        let path = match.Groups["path"].Value
        where !Shown.ContainsKey(path) && !Path.Exists(Path.Combine(House.Root, path))
        select $"{page}: {path}");

    [Fact]
    public void What_is_piped_into_kubectl_has_known_kinds_and_only_their_fields() => Assert.All(
        Pages.SelectMany(page => Piped().Matches(House.Read(page))),
        match => Assert.NotEmpty(Manifest.Decode(match.Groups["text"].Value)));

    [GeneratedRegex(@"kubectl apply -f - <<'EOF'\n(?<text>.*?)\nEOF\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Piped();

    [GeneratedRegex(@"```yaml\n# (?<folder>my/[\w-]+)/kustomization\.yaml\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Overlay();

    [GeneratedRegex(@" -[kf] (?<path>(k8s|my)/[\w./-]*\w)", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
