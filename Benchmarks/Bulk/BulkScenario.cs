using System.Diagnostics;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Datasets.Loading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClusterGrains.Benchmarks.Bulk;

/// <summary>
/// The loader with the silo's own adapters, from a folder into a cluster that only counts; then curl with the very same
/// requests, prepared as files.
/// </summary>
internal sealed class BulkScenario(BulkPlan plan)
{
    private const string Alias = "products-v1-1.a1";

    private static readonly TimeProvider Time = TimeProvider.System;

    public Task<int> Run(CancellationToken cancellationToken) => ScratchFolder.Use("bulk", root => Run(root, cancellationToken));

    private async Task Run(string root, CancellationToken cancellationToken)
    {
        var source = Path.Combine(root, "source");
        var documents = await FeedFolder.Write(Path.Combine(source, "v1"), plan, cancellationToken);
        Console.WriteLine(
            $"{plan.Bytes >> 20} MiB of NDJSON, {documents} documents in {plan.Files} files ({plan.Format}), "
            + $"{plan.Workers} requests of {plan.BatchBytes >> 10} KiB at once, {Environment.ProcessorCount} cores");
        using var silo = Silo(root);
        await using var cluster = await CountingProcess.Start(cancellationToken);
        await using var files = await silo.Services.GetRequiredService<IVersionSource>().Open(
            "default", new SourceSpec { Uri = $"file://{source}" }, cancellationToken);
        await using var index = await silo.Services.GetRequiredService<IIndexStore>().Connect(
            "default", new SearchClusterSpec { Endpoints = [cluster.Url.ToString()] }, cancellationToken);
        var job = new LoadJob
        {
            Source = files,
            Version = await files.Freeze("v1", cancellationToken) ?? throw new InvalidOperationException("There is no version."),
            Index = index,
            Alias = Alias,
            IdField = "sku",
            Limits = new LoadSpec { BatchBytes = new(plan.BatchBytes), Workers = plan.Workers },
            Checkpoint = (_, _) => Task.CompletedTask,
        };
        var requests = await Prepare(job, Path.Combine(root, "requests"), cancellationToken);
        var bulk = new Uri(cluster.Url, $"{Alias}/_bulk?require_alias=true");
        for (var round = 1; round <= plan.Rounds; round++)
        {
            Console.WriteLine();
            var load = await Measure($"{round}. loader", () => Load(job, cancellationToken), cluster, documents, cancellationToken);
            var curl = await Measure($"{round}. curl -Z ", () => Curl.Send(requests, bulk, plan.Workers, cancellationToken), cluster, documents, cancellationToken);
            var one = await Measure($"{round}. curl    ", () => Curl.Send(requests, bulk, 1, cancellationToken), cluster, documents, cancellationToken);
            Console.WriteLine($"   the loader takes {load / curl:0.00} times as long as curl with {plan.Workers} requests at once, {load / one:0.00} times as long as with one");
        }
    }

    private static async Task Load(LoadJob job, CancellationToken cancellationToken)
    {
        using var self = Process.GetCurrentProcess();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var processor = self.TotalProcessorTime;
        var end = await new Loader(Time).Load(job, cancellationToken);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        if (end.Result != LoadResult.Done)
        {
            throw new InvalidOperationException($"{end.Result}: {end.Reason}");
        }

        self.Refresh();
        Console.WriteLine(
            $"   {(double)allocated / end.Counts.Acked:0.0} bytes allocated per document, peak working set {self.PeakWorkingSet64 >> 20} MiB, "
            + $"{(self.TotalProcessorTime - processor).TotalSeconds:0.00} s of processor time");
    }

    /// <summary>Seconds.</summary>
    private async Task<double> Measure(
        string what, Func<Task> send, CountingProcess cluster, long documents, CancellationToken cancellationToken)
    {
        var began = Time.GetTimestamp();
        await send();
        var seconds = Time.GetElapsedTime(began).TotalSeconds;
        var counted = await cluster.Counted(cancellationToken);
        if (counted.Documents != documents)
        {
            throw new InvalidOperationException($"{what}: {counted.Documents} documents arrived, not {documents}.");
        }

        Console.WriteLine($"{what}  {plan.Bytes / 1e6 / seconds,7:0.0} MB/s  {documents / seconds,9:0} documents/s  {seconds:0.00} s");
        return seconds;
    }

    /// <summary>Writes each request the loader would send into a file.</summary>
    private static async Task<string> Prepare(LoadJob job, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var pool = System.Buffers.ArrayPool<byte>.Shared;
        using var lines = new LineReader(pool, (int)job.Limits.BatchBytes.Bytes);
        using var stop = new LoadStop(cancellationToken);
        var batches = new BatchPool(pool, 2, (int)job.Limits.BatchBytes.Bytes);
        var prefix = new LoadPrefix(job, stop);
        var number = 0;
        await new Feed(job, batches, prefix, lines, Keep).Run(cancellationToken);
        await batches.Close(release: true);
        return folder;

        void Keep(Batch batch)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{number++:000000}.bulk"), batch.Body(0, batch.Count).Span);
            prefix.Settle(batch.Stretch);
            batches.Return(batch);
        }
    }

    private static IHost Silo(string root)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<ISecretStore, NoSecrets>();
        builder.Services.AddClusters().AddDatasets();
        builder.Services.Configure<EndpointOptions>(endpoints => endpoints.AllowLoopback = true);
        builder.Services.Configure<SourceOptions>(sources => sources.FileRoots.Add(root));
        return builder.Build();
    }
}
