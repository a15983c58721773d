namespace ClusterGrains.Resources;

/// <summary>An answer that goes on until somebody closes it.</summary>
/// <param name="Response">Null when the server refused.</param>
/// <param name="Failure">Null when the server agreed.</param>
internal sealed record ApiStream(HttpResponseMessage? Response, ApiFailure? Failure) : IDisposable
{
    public void Dispose() => Response?.Dispose();
}
