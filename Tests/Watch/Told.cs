using System.Collections.Concurrent;
using System.Threading.Channels;
using ClusterGrains.Watch;

namespace ClusterGrains.Tests.Watch;

/// <summary>Stands for the grains: remembers what they were told, and can be slow or fail.</summary>
internal sealed class Told
{
    private readonly Channel<(Address Address, Delivery Delivery)> _understood =
        Channel.CreateUnbounded<(Address, Delivery)>();

    /// <summary>Runs before a delivery is understood; throws to refuse it.</summary>
    public Func<Address, Delivery, Task> Meanwhile { get; set; } = (_, _) => Task.CompletedTask;

    public async Task Deliver(Address address, Delivery delivery, CancellationToken cancellationToken)
    {
        await Meanwhile(address, delivery);
        await _understood.Writer.WriteAsync((address, delivery), cancellationToken);
    }

    /// <summary>The next thing a grain understood, for example <c>a@3</c>, <c>a deleted uid-a</c> or <c>a?</c>.</summary>
    public async Task<string> Next()
    {
        var (address, delivery) = await Await.Soon(_understood.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask());
        return Say(address, delivery);
    }

    /// <summary>The next <paramref name="count"/> in any order, sorted.</summary>
    public async Task<string[]> Next(int count)
    {
        var all = new List<string>();
        while (all.Count < count)
        {
            all.Add(await Next());
        }

        return [.. all.Order(StringComparer.Ordinal)];
    }

    public bool IsSilent => !_understood.Reader.TryPeek(out _);

    public static string Say(Address address, Delivery delivery) => delivery switch
    {
        Delivery.Observe(var manifest) => $"{address.Key.Name}@{manifest.Generation}",
        Delivery.Deleted(var uid) => $"{address.Key.Name} deleted {uid}",
        Delivery.Ask => $"{address.Key.Name}?",
        _ => throw new InvalidOperationException($"{delivery}"),
    };
}
