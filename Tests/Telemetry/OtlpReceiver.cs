using System.Collections.Concurrent;
using System.Text;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Tests.Telemetry;

/// <summary>A collector: takes OTLP over HTTP and understands as much of it as tests ask for.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();
    private readonly Signal _signal = new();
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public Uri Endpoint => new(SiloHost.HttpAddress(_app).GetLeftPart(UriPartial.Authority));

    public static async Task<OtlpReceiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.MapPost("/v1/{signal}", receiver.Take);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Waits until one export of a signal holds all of the words.</summary>
    public Task<object> Await(string signal, params string[] words) => _signal.Await<object>(
        () => _received.Where(one => one.Path == $"/v1/{signal}").Select(one => Words(one.Body)).FirstOrDefault(known => words.All(known.Contains)),
        $"{signal} with {string.Join(", ", words)}; received {string.Join(", ", _received.Select(one => one.Path))}");

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task Take(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        _received.Enqueue((context.Request.Path, body.ToArray()));
        _signal.Changed();
        context.Response.ContentType = "application/x-protobuf";
    }

    /// <summary>Every text in a protobuf message: fields with a length are messages, if they read as such, or texts.</summary>
    private static HashSet<string> Words(ReadOnlySpan<byte> message)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        Collect(message, words);
        return words;
    }

    private static bool Collect(ReadOnlySpan<byte> message, HashSet<string> words)
    {
        while (!message.IsEmpty)
        {
            if (!Number(ref message, out var tag) || tag >> 3 == 0)
            {
                return false;
            }

            var length = 0UL;
            var fits = (tag & 7) switch
            {
                0 => Number(ref message, out _),
                1 => (length = 8) <= (ulong)message.Length,
                2 => Number(ref message, out length) && length <= (ulong)message.Length,
                5 => (length = 4) <= (ulong)message.Length,
                _ => false,
            };
            if (!fits)
            {
                return false;
            }

            if ((tag & 7) == 2)
            {
                words.Add(Encoding.UTF8.GetString(message[..(int)length]));
                Collect(message[..(int)length], words);
            }

            message = message[(int)length..];
        }

        return true;
    }

    private static bool Number(ref ReadOnlySpan<byte> message, out ulong number)
    {
        number = 0;
        for (var i = 0; i < message.Length && i < 10; i++)
        {
            number |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] < 0x80)
            {
                message = message[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
