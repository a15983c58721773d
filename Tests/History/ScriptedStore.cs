using ClusterGrains.History;

namespace ClusterGrains.Tests.History;

/// <summary>A store that does what the test says, and counts.</summary>
internal sealed class ScriptedStore(Func<string, CancellationToken, Task<PutOutcome>> put) : IHistoryStore
{
    private int _puts;

    public int Puts => _puts;

    public Func<string, CancellationToken, Task<PutOutcome>> Script { get; set; } = put;

    public static Task<PutOutcome> Works(string key, CancellationToken cancellationToken) => Task.FromResult(PutOutcome.Created);

    public static Task<PutOutcome> Fails(string key, CancellationToken cancellationToken) =>
        Task.FromException<PutOutcome>(new DependencyException(Dependency.History, $"{key} was not written: no route."));

    public Task<PutOutcome> Put(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _puts);
        return Script(key, cancellationToken);
    }
}
