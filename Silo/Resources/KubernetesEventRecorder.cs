using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;

namespace ClusterGrains.Resources;

/// <summary>
/// Writes core/v1 Events one after the other, behind a bounded queue. While the API server is away the oldest are
/// dropped: whoever looks later wants the newest.
/// </summary>
internal sealed class KubernetesEventRecorder : BackgroundService, IEventRecorder
{
    public const int Capacity = 1_000;

    /// <summary>The API server refuses longer ones.</summary>
    public const int MaxMessageBytes = 1_024;

    private readonly KubernetesConnection _connection;
    private readonly TimeProvider _time;
    private readonly KubernetesMetrics _metrics;
    private readonly ILogger<KubernetesEventRecorder> _logger;
    private readonly Channel<(ResourceEvent Event, DateTimeOffset At)> _queue;

    public KubernetesEventRecorder(
        KubernetesConnection connection,
        TimeProvider time,
        KubernetesMetrics metrics,
        ILogger<KubernetesEventRecorder> logger)
    {
        _connection = connection;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _queue = Channel.CreateBounded<(ResourceEvent, DateTimeOffset)>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => metrics.EventDropped());
    }

    public void Record(ResourceEvent resourceEvent) => _queue.Writer.TryWrite((resourceEvent, _time.GetUtcNow()));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (resourceEvent, at) in _queue.Reader.ReadAllAsync(stoppingToken))
            {
                await Deliver(resourceEvent, at, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is still queued is lost with the silo: Events are news, the history is the record.
        }
    }

    private async Task Deliver(ResourceEvent resourceEvent, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var request = new ApiRequest("create", ApiTarget.Events(resourceEvent.Key.Namespace), Body: Body(resourceEvent, at));
        var backoff = new Backoff();
        while (await Attempt(request, cancellationToken) is { } failure)
        {
            if (!failure.IsPassing)
            {
                _metrics.EventDropped();
                _logger.EventRefused(resourceEvent.Reason, resourceEvent.Key, failure.Explain(request.Verb, request.Target));
                return;
            }

            await Task.Delay(backoff.Next(failure.RetryAfter), _time, cancellationToken);
        }

        _metrics.EventSent();
    }

    private async Task<ApiFailure?> Attempt(ApiRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return (await _connection.Ask(request, cancellationToken)).Failure;
        }
        catch (DependencyException failure)
        {
            return ApiFailure.Unreachable(failure.Message);
        }
    }

    private static byte[] Body(ResourceEvent resourceEvent, DateTimeOffset at) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        apiVersion = "v1",
        kind = "Event",
        metadata = new
        {
            // As client-go names them; the random part keeps two silos in one instant apart.
            name = $"{resourceEvent.Key.Name}.{at.UtcTicks:x}{Random.Shared.Next(0x10000):x4}",
            @namespace = resourceEvent.Key.Namespace,
        },
        involvedObject = new
        {
            apiVersion = ResourceKind.ApiVersion,
            kind = resourceEvent.Kind.Name,
            @namespace = resourceEvent.Key.Namespace,
            name = resourceEvent.Key.Name,
            uid = resourceEvent.Uid,
        },
        type = resourceEvent.Warning ? "Warning" : "Normal",
        reason = Cut(resourceEvent.Reason, 128),
        message = Cut(resourceEvent.Message, MaxMessageBytes),
        source = new { component = "clustergrains" },
        reportingComponent = "clustergrains.io/operator",
        reportingInstance = Environment.MachineName,
        firstTimestamp = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        lastTimestamp = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        count = 1,
    });

    /// <summary>The longest beginning that fits, never half a character.</summary>
    internal static string Cut(string text, int maxBytes)
    {
        var bytes = 0;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                return text[..length];
            }

            length += rune.Utf16SequenceLength;
        }

        return text;
    }
}
