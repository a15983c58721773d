namespace ClusterGrains.Resources;

/// <summary>Reads an answer's body, and never more of it than was agreed.</summary>
internal static class ApiBody
{
    private const int FirstBuffer = 16 << 10;

    /// <exception cref="DependencyException">The body is larger than <see cref="ApiRequest.MaxAnswer"/>.</exception>
    public static async Task<ReadOnlyMemory<byte>> Read(
        HttpResponseMessage response, ApiRequest request, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var announced = response.Content.Headers.ContentLength ?? FirstBuffer;
        var buffer = new byte[(int)Math.Clamp(announced + 1, 1, request.MaxAnswer)];
        var length = 0;
        while (await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length < buffer.Length)
            {
                continue;
            }

            if (length >= request.MaxAnswer)
            {
                throw new DependencyException(
                    Dependency.KubernetesApi,
                    $"The answer to {request.Verb} {request.Target} is larger than {request.MaxAnswer:N0} bytes and was not read.");
            }

            Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, request.MaxAnswer));
        }

        return buffer.AsMemory(0, length);
    }
}
