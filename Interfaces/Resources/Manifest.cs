using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ClusterGrains.Resources;

/// <summary>
/// What the user asked for, as one read of the API server showed it: the spec and the annotations that are addressed
/// to us. Everything else of the object (labels, managed fields, status) stays in the API server.
/// </summary>
[GenerateSerializer, Immutable, Alias("ClusterGrains.Manifest")]
public sealed record Manifest
{
    /// <summary>Annotations with this prefix are the user's intents; no other annotation is carried.</summary>
    public const string AnnotationPrefix = "clustergrains.io/";

    [Id(0)]
    public required string Namespace { get; init; }

    [Id(1)]
    public required string Name { get; init; }

    /// <summary>The API server's identity of this object; another one under the same name is another epoch.</summary>
    [Id(2)]
    public required string Uid { get; init; }

    /// <summary>Counts changes of the spec. Restarts at 1 with every uid, and may go back when etcd is restored.</summary>
    [Id(3)]
    public required long Generation { get; init; }

    /// <summary>Opaque. The precondition of the first status write after this read.</summary>
    [Id(4)]
    public required string ResourceVersion { get; init; }

    [Id(5)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The spec as JSON text, defaults filled in by the API server.</summary>
    [Id(6)]
    public required string Spec { get; init; }

    /// <summary>The annotations that begin with <see cref="AnnotationPrefix"/>, by full name.</summary>
    [Id(7)]
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public ResourceKey Key => new(Namespace, Name);

    /// <summary>
    /// A digest of the annotations, empty without any. Annotations do not raise <see cref="Generation"/>, so an intent
    /// is noticed by this. Equal to the index column of the same name.
    /// </summary>
    public string Intent => Annotations.IsEmpty
        ? ""
        : Digest(string.Join('\n', Annotations.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}")));

    /// <summary>A digest of <see cref="Spec"/>: two specs under one generation tell of a restored etcd.</summary>
    public string SpecHash => Digest(Spec);

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
