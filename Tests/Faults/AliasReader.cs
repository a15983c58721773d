using System.Collections.Concurrent;
using System.Text.Json;

namespace ClusterGrains.Tests.Faults;

/// <summary>
/// Somebody who searches an alias again and again. Each answer must be one whole version: nothing else, nothing less.
/// </summary>
internal sealed class AliasReader : IAsyncDisposable
{
    // Without a pause the reader would take the processor from the silo that it watches.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _http;
    private readonly string _alias;
    private readonly ConcurrentDictionary<string, int> _versions = new(StringComparer.Ordinal);
    private readonly Task<int> _reading;

    /// <param name="versions">What it may see.</param>
    public AliasReader(Uri cluster, string alias, params Corpus[] versions)
    {
        _http = new HttpClient { BaseAddress = cluster };
        _alias = alias;
        Array.ForEach(versions, Expect);
        _reading = Task.Run(Read);
    }

    /// <summary>It may see this one too.</summary>
    public void Expect(Corpus version) => _versions[version.Version] = version.Documents.Count;

    /// <summary>Ends it. How often it read; throws what it saw wrong.</summary>
    public async Task<int> Verdict()
    {
        await _end.CancelAsync();
        var reads = await _reading;
        Assert.True(reads > 0);
        return reads;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading.ContinueWith(_ => { }, TaskScheduler.Default);
        _http.Dispose();
        _end.Dispose();
    }

    private async Task<int> Read()
    {
        var reads = 0;
        try
        {
            while (!_end.IsCancellationRequested)
            {
                await Search();
                await Count();
                reads++;
                await Task.Delay(Pause, TimeProvider.System, _end.Token);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Asked to end between two answers.
        }

        return reads;
    }

    private async Task Search()
    {
        using var answer = await Get("_search?size=100&track_total_hits=true&filter_path=error,hits.total.value,hits.hits._source.version");
        var hits = answer.RootElement.GetProperty("hits");
        var total = hits.GetProperty("total").GetProperty("value").GetInt32();
        var seen = hits.GetProperty("hits").EnumerateArray()
            .Select(hit => hit.GetProperty("_source").GetProperty("version").GetString()!).Distinct().ToList();
        Assert.True(seen is [var only] && _versions.GetValueOrDefault(only) == total, $"{total} documents of {string.Join(", ", seen)}");
    }

    private async Task Count()
    {
        using var answer = await Get("_count");
        Assert.Contains(answer.RootElement.GetProperty("count").GetInt32(), _versions.Values);
    }

    private async Task<JsonDocument> Get(string what)
    {
        using var answer = await _http.GetAsync(new Uri($"{_alias}/{what}", UriKind.Relative), _end.Token);
        var text = await answer.Content.ReadAsStringAsync(_end.Token);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text);
    }
}
