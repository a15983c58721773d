using Microsoft.Extensions.Options;

namespace ClusterGrains.Resources;

/// <summary>Limits how many runs one silo works on at once. A run's budget starts when it is let in.</summary>
internal sealed class RunAdmission(IOptions<CheckOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _places = new(options.Value.MaxConcurrent, options.Value.MaxConcurrent);

    /// <summary>Waits for a place; disposing the answer gives it back.</summary>
    public async Task<IDisposable> Enter(CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        return new Place(_places);
    }

    public void Dispose() => _places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        private SemaphoreSlim? _places = places;

        public void Dispose() => Interlocked.Exchange(ref _places, null)?.Release();
    }
}
