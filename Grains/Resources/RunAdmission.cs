namespace ClusterGrains.Resources;

/// <summary>Limits how much of one kind of work a silo does at once.</summary>
internal sealed class RunAdmission(int places) : IDisposable
{
    private readonly SemaphoreSlim _places = new(places, places);

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
