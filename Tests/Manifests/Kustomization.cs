namespace ClusterGrains.Tests.Manifests;

/// <summary>The fields of a kustomization that are used here.</summary>
internal sealed class Kustomization
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public string? Namespace { get; set; }

    public List<string> Resources { get; set; } = [];

    public List<string> Components { get; set; } = [];

    public List<Generator> ConfigMapGenerator { get; set; } = [];

    public GeneratorOptions? GeneratorOptions { get; set; }

    public List<Image> Images { get; set; } = [];

    public List<Replica> Replicas { get; set; } = [];

    public List<PatchItem> Patches { get; set; } = [];

    public List<Replacement> Replacements { get; set; } = [];

    public string? NameSuffix { get; set; }
}

internal sealed class Generator
{
    public string Name { get; set; } = "";

    public string? Behavior { get; set; }

    public List<string> Literals { get; set; } = [];

    public List<string> Files { get; set; } = [];

    public GeneratorOptions? Options { get; set; }
}

internal sealed class GeneratorOptions
{
    public bool DisableNameSuffixHash { get; set; }

    public Dictionary<string, string> Labels { get; set; } = [];
}

internal sealed class Image
{
    public string Name { get; set; } = "";

    public string? NewName { get; set; }

    public string? NewTag { get; set; }

    public string? Digest { get; set; }
}

internal sealed class Replica
{
    public string Name { get; set; } = "";

    public int Count { get; set; }
}

internal sealed class PatchItem
{
    public Dictionary<string, string> Target { get; set; } = [];

    public Dictionary<string, bool> Options { get; set; } = [];

    public string Patch { get; set; } = "";
}

internal sealed class Replacement
{
    public Dictionary<string, string> Source { get; set; } = [];

    public List<ReplacementTarget> Targets { get; set; } = [];
}

internal sealed class ReplacementTarget
{
    public Dictionary<string, string> Select { get; set; } = [];

    public List<string> FieldPaths { get; set; } = [];

    public Dictionary<string, bool> Options { get; set; } = [];
}
