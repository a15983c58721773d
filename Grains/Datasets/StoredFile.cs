namespace ClusterGrains.Datasets;

/// <summary>A file as a store lists it, data or not.</summary>
/// <param name="Name">Relative to where it was listed from, with <c>/</c>.</param>
/// <param name="Size">In bytes.</param>
/// <param name="ETag">Opaque; another one means another content.</param>
internal sealed record StoredFile(string Name, long Size, string ETag);
