using System.Globalization;
using ClusterGrains.Hosting;
using ClusterGrains.Storage;
using ClusterGrains.Transfer;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterGrains.Tests.Transfer;

/// <summary>
/// The child verb <c>stalling-import</c>: the command with all its parts, only that it waits for its end after some batches.
/// Arguments: after how many, the file, then the command line.
/// </summary>
internal static class StallingImport
{
    public const string Verb = "stalling-import";

    public static async Task<int> Run(string[] args, CancellationToken parentGone)
    {
        var batches = int.Parse(args[0], CultureInfo.InvariantCulture);
        using var host = TransferHost.BuildImport(args[2..], After(batches, async token =>
        {
            Console.WriteLine("stalled");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        }));
        await host.Services.GetRequiredService<Importer>().Import(args[1], parentGone);
        return 0;
    }

    /// <summary>Has an import wait after so many batches; after none before it marks the storage, which it has found empty.</summary>
    public static Action<IServiceCollection> After(int batches, Func<CancellationToken, Task> wait) => services =>
    {
        var inner = services.Last(service => service.ServiceType == typeof(IMoveTarget)).ImplementationType!;
        services.AddSingleton<IMoveTarget>(provider =>
            new Target((IMoveTarget)ActivatorUtilities.CreateInstance(provider, inner), batches, wait));
    };

    private sealed class Target(IMoveTarget inner, int batches, Func<CancellationToken, Task> wait) : IMoveTarget
    {
        private int _left = batches;

        public string Place => inner.Place;

        public Task<bool> Open(CancellationToken cancellationToken) => inner.Open(cancellationToken);

        public async Task Begin(CancellationToken cancellationToken)
        {
            await Wait(cancellationToken);
            await inner.Begin(cancellationToken);
        }

        public async Task Add(
            IReadOnlyCollection<StateRow> states, IReadOnlyCollection<ReminderEntry> reminders, CancellationToken cancellationToken)
        {
            await inner.Add(states, reminders, cancellationToken);
            _left--;
            await Wait(cancellationToken);
        }

        public Task Confirm(CancellationToken cancellationToken) => inner.Confirm(cancellationToken);

        public Task Finish(CancellationToken cancellationToken) => inner.Finish(cancellationToken);

        private Task Wait(CancellationToken cancellationToken) => _left == 0 ? wait(cancellationToken) : Task.CompletedTask;
    }
}
