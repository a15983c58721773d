namespace ClusterGrains.Tests.Watch;

/// <summary>Waits for an effect. The limit only turns a hang into a failure.</summary>
internal static class Await
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task Soon(Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
