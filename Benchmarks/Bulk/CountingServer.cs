using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Benchmarks.Bulk;

/// <summary>A cluster that takes every document: reads each action line, finds the end of each document, and counts.</summary>
internal static class CountingServer
{
    public const string Command = "count";

    private const string Identity =
        """{"name":"n","cluster_name":"c","cluster_uuid":"benchmark-cluster-0001","version":{"number":"2.19.1","distribution":"opensearch"}}""";

    private static readonly byte[] Item = Encoding.ASCII.GetBytes("""{"index":{"status":201}}""");

    private static long _documents;
    private static long _bytes;

    /// <summary>Writes its URL as the first line of its output.</summary>
    public static async Task<int> Run(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null).UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(Answer);
        await app.StartAsync(cancellationToken);
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

        // Ends with its parent, however that ends.
        await Console.In.ReadToEndAsync(cancellationToken);
        return 0;
    }

    private static async Task Answer(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        switch (context.Request.Path.Value)
        {
            case "/":
                await context.Response.WriteAsync(Identity);
                break;
            case "/counted":
                await context.Response.WriteAsync(
                    $"{{\"documents\":{Interlocked.Exchange(ref _documents, 0)},\"bytes\":{Interlocked.Exchange(ref _bytes, 0)}}}");
                break;
            default:
                await Bulk(context);
                break;
        }
    }

    private static async Task Bulk(HttpContext context)
    {
        var count = await Count(context.Request.BodyReader, context.RequestAborted);
        Interlocked.Add(ref _documents, count);
        Interlocked.Add(ref _bytes, context.Request.ContentLength ?? 0);
        var body = context.Response.BodyWriter;
        body.Write("{\"errors\":false,\"items\":["u8);
        for (var item = 0; item < count; item++)
        {
            body.Write(item == 0 ? ""u8 : ","u8);
            body.Write(Item);
        }

        body.Write("]}"u8);
        await body.FlushAsync(context.RequestAborted);
    }

    private static async Task<int> Count(PipeReader body, CancellationToken cancellationToken)
    {
        var lines = 0;
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var rest = Lines(read.Buffer, ref lines);
            body.AdvanceTo(rest, read.Buffer.End);
            if (read.IsCompleted)
            {
                return lines / 2;
            }
        }
    }

    private static SequencePosition Lines(ReadOnlySequence<byte> buffer, ref int lines)
    {
        var reader = new SequenceReader<byte>(buffer);
        while (reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            if (lines++ % 2 == 0)
            {
                Read(line);
            }
        }

        return reader.Position;
    }

    private static void Read(ReadOnlySequence<byte> action)
    {
        var json = new Utf8JsonReader(action);
        while (json.Read())
        {
        }
    }
}
