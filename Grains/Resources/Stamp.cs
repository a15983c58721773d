using ClusterGrains.Storage;

namespace ClusterGrains.Resources;

/// <summary>
/// What makes two manifests of a resource the same to its grain. Our own status writes change none of it, so their echo is
/// recognised and costs nothing.
/// </summary>
internal readonly record struct Stamp(string Uid, long Generation, string Intent, string SpecHash)
{
    public static Stamp Of(Manifest manifest) =>
        new(manifest.Uid, manifest.Generation, manifest.Intent, manifest.SpecHash);

    /// <summary>Whether the grain's row says that it lives by this manifest. The index keeps no hash of the spec.</summary>
    public bool Matches(IndexRow row) =>
        row.Phase == "Active" && row.Uid == Uid && row.Generation == Generation && row.Intent == Intent;
}
