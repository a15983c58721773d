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
        using var host = TransferHost.BuildImport(args[2..], services =>
        {
            var inner = services.Last(service => service.ServiceType == typeof(IMoveTarget)).ImplementationType!;
            services.AddSingleton<IMoveTarget>(provider =>
                new Target((IMoveTarget)ActivatorUtilities.CreateInstance(provider, inner), batches));
        });
        await host.Services.GetRequiredService<Importer>().Import(args[1], parentGone);
        return 0;
    }

    private sealed class Target(IMoveTarget inner, int batches) : IMoveTarget
    {
        private int _left = batches;

        public string Place => inner.Place;

        public Task<bool> Open(CancellationToken cancellationToken) => inner.Open(cancellationToken);

        public Task Begin(CancellationToken cancellationToken) => inner.Begin(cancellationToken);

        public async Task Add(IReadOnlyCollection<StateRow> rows, CancellationToken cancellationToken)
        {
            await inner.Add(rows, cancellationToken);
            if (--_left == 0)
            {
                Console.WriteLine("stalled");
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
        }

        public Task Finish(CancellationToken cancellationToken) => inner.Finish(cancellationToken);
    }
}
