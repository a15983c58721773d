namespace ClusterGrains.History;

/// <summary>Reads one stored object, which anybody may have put there.</summary>
internal static class BoundedBody
{
    /// <summary>Far more than any object of ours has, in bytes.</summary>
    private const int Limit = 16 * 1024 * 1024;

    /// <exception cref="DependencyException">It is larger.</exception>
    public static async Task<byte[]> Read(Stream body, string name, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (bytes.Length + read > Limit)
            {
                throw new DependencyException(
                    Dependency.History, $"{name} was not read: it is larger than {Limit / 1024 / 1024} MiB, so it is not ours.");
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }
}
