using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using ClusterGrains.Access;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Watch;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Access;

/// <summary>Whoever asks much waits, and makes nobody else wait.</summary>
public sealed class FloodTests : IAsyncLifetime
{
    private const string Mallory = "system:serviceaccount:mallory:one";
    private const string Anna = "anna";

    // Only for a test that fails.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly LogLines _log = new();
    private readonly List<string> _outcomes = [];
    private readonly MeterListener _listener = new();
    private ReviewServer _server = null!;
    private ServiceProvider _services = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private CallerReviews Reviews => _services.GetRequiredService<CallerReviews>();

    public async ValueTask InitializeAsync()
    {
        _server = await ReviewServer.Start();
        _services = new ServiceCollection()
            .AddMetrics()
            .AddLogging(logging => logging.ClearProviders().AddProvider(_log))
            .AddSingleton<TimeProvider>(_time)
            .AddSingleton(Options.Create(new AccessOptions { Mode = AccessMode.Kubernetes }))
            .AddSingleton(Options.Create(new KubernetesOptions { Kubeconfig = _server.Kubeconfig }))
            .AddSingleton<KubernetesMetrics>()
            .AddSingleton<KubernetesConnection>()
            .AddSingleton<AccessMetrics>()
            .AddSingleton<ReviewTurns>()
            .AddSingleton<KubernetesReviews>()
            .AddSingleton<CallerReviews>()
            .AddSingleton<KubernetesRights>()
            .BuildServiceProvider();
        Listen(_services.GetRequiredService<IMeterFactory>());
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _server.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Thousands_of_forged_tokens_at_once_neither_delay_a_known_caller_nor_make_it_unknown()
    {
        const int tokens = 3_000;
        const int room = ReviewTurns.MaxInFlight + ReviewTurns.MaxWaiting;
        await Caller(Anna);
        _server.Hold = ReviewServer.Forged;

        // What is known of the caller is over: the API server is asked again while it owes strangers its answers.
        _time.Advance(CallerReviews.Known + TimeSpan.FromSeconds(0.1));
        using var flood = Flood(tokens, i => Reviews.Identify($"{ReviewServer.Forged}/{i}", Cancellation));
        await flood.TurnedAway(tokens - room);
        await _server.Holds(ReviewTurns.MaxInFlight);

        var anna = await Caller(Anna);

        Assert.True(await Reviews.Allows(anna, Permission.List(SearchClusters.Kind, "team-a"), Cancellation));
        Assert.Equal(1 + ReviewTurns.MaxInFlight + 2, _server.Asked);
        _server.Release();
        Assert.Equal((room, tokens - room), await flood.End());
    }

    [Fact]
    public async Task One_caller_who_asks_about_thousands_of_namespaces_makes_nobody_else_wait()
    {
        const int namespaces = 3_000;
        const int room = ReviewTurns.MaxInFlightOfOne + ReviewTurns.MaxWaitingOfOne;
        var (mallory, anna) = (await Caller(Mallory), await Caller(Anna));
        _server.Hold = Mallory;

        using var flood = Flood(namespaces, i => Reviews.Allows(mallory, Permission.Read(SearchClusters.Kind, $"space-{i}"), Cancellation));
        await flood.TurnedAway(namespaces - room);
        await _server.Holds(ReviewTurns.MaxInFlightOfOne);
        var asked = _server.Asked;

        for (var i = 0; i < 2 * ReviewTurns.MaxWaiting; i++)
        {
            Assert.True(await Reviews.Allows(anna, Permission.Read(SearchClusters.Kind, $"space-{i}"), Cancellation));
        }

        // The waiting line of all callers is not full of one's questions either.
        Assert.Equal(asked + (2 * ReviewTurns.MaxWaiting), _server.Asked);
        _server.Release();
        Assert.Equal((room, namespaces - room), await flood.End());
    }

    [Fact]
    public async Task More_tokens_and_more_accounts_of_one_namespace_give_nobody_more_turns()
    {
        const string other = "system:serviceaccount:mallory:two";
        Caller[] accounts = [await Caller(Mallory), await Caller($"{Mallory}/another"), await Caller(other)];
        var neighbour = await Caller("system:serviceaccount:neighbour:one");
        Assert.Equal(3, accounts.Select(account => account.Id).Distinct().Count());
        _server.Hold = Mallory;

        using var flood = Flood(100, i => Reviews.Allows(accounts[i % 2], Permission.Read(SearchClusters.Kind, $"space-{i}"), Cancellation));
        await flood.TurnedAway(100 - ReviewTurns.MaxInFlightOfOne - ReviewTurns.MaxWaitingOfOne);
        await _server.Holds(ReviewTurns.MaxInFlightOfOne);

        await Assert.ThrowsAsync<TurnedAwayException>(
            () => Reviews.Allows(accounts[2], Permission.Read(SearchClusters.Kind, "team-a"), Cancellation));
        Assert.True(await Reviews.Allows(neighbour, Permission.Read(SearchClusters.Kind, "team-a"), Cancellation));
        _server.Release();
        await flood.End();
    }

    [Fact]
    public async Task Who_is_turned_away_is_told_once_a_flood_counted_and_no_failure_of_the_API_server()
    {
        _server.Hold = ReviewServer.Forged;
        using var first = Flood(1_000, i => Reviews.Identify($"{ReviewServer.Forged}/first-{i}", Cancellation));
        await first.TurnedAway(1_000 - ReviewTurns.MaxInFlight - ReviewTurns.MaxWaiting);
        Assert.Contains("about strangers", Assert.Single(_log.Warnings), StringComparison.Ordinal);
        Assert.Equal(1_000 - ReviewTurns.MaxInFlight - ReviewTurns.MaxWaiting, Outcomes("token full"));

        _server.Release();
        await first.End();
        await Caller(Anna);
        _time.Advance(ReviewTurns.Calm + TimeSpan.FromSeconds(1));
        _server.Hold = ReviewServer.Forged;
        using var second = Flood(1_000, i => Reviews.Identify($"{ReviewServer.Forged}/second-{i}", Cancellation));
        await second.TurnedAway(1_000 - ReviewTurns.MaxInFlight - ReviewTurns.MaxWaiting);

        Assert.Equal(2, _log.Warnings.Count());
        Assert.All(_log.Warnings, line => Assert.Contains("about strangers", line, StringComparison.Ordinal));
        _server.Release();
        await second.End();
    }

    [Fact]
    public async Task An_API_server_that_fails_is_told_apart_from_a_full_line()
    {
        _server.Fails = true;
        await Assert.ThrowsAsync<DependencyException>(() => Reviews.Identify(Anna, Cancellation));
        await Assert.ThrowsAsync<DependencyException>(() => Reviews.Identify(Anna, Cancellation));

        Assert.Contains("does not say who they are", Assert.Single(_log.Warnings), StringComparison.Ordinal);
        Assert.Equal((2, 0), (Outcomes("token failed"), Outcomes("token full")));
    }

    [Fact]
    public async Task A_list_over_many_namespaces_ends_in_time_and_says_what_to_ask_instead()
    {
        var rights = _services.GetRequiredService<KubernetesRights>();
        var caller = (await Caller(Anna)).ToPrincipal("test");
        // The whole cluster is denied; then every two answers take a second.
        var pairs = new PairsOfAnswers(() => _time.Advance(TimeSpan.FromSeconds(1)));
        _server.Denies = spec => (string?)spec["resourceAttributes"]!["namespace"] == "";
        _server.BeforeRights = spec => _server.Denies(spec) ? Task.CompletedTask : pairs.Next();

        var failure = await Assert.ThrowsAsync<TurnedAwayException>(
            async () => await rights.Scope(caller, SearchClusters.Kind, [.. Enumerable.Range(0, 1_000).Select(i => $"space-{i}")], Cancellation));

        Assert.Contains("?namespace=", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1 + 1 + (ReviewTurns.MaxInFlightOfOne * (int)KubernetesRights.Patience.TotalSeconds), _server.Asked);
    }

    [Fact]
    public async Task Who_is_turned_away_is_told_to_come_back()
    {
        await using var services = new ServiceCollection().AddLogging().AddProblemDetails().AddSingleton<AccessFailures>().BuildServiceProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = body } };

        Assert.True(await services.GetRequiredService<AccessFailures>().TryHandleAsync(context, new TurnedAwayException("Try again."), Cancellation));

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, context.Response.StatusCode);
        Assert.Equal("5", context.Response.Headers.RetryAfter);
        Assert.Equal("Try again.", (string?)JsonNode.Parse(body.ToArray())!["detail"]);
    }

    private async Task<Caller> Caller(string token) => (await Reviews.Identify(token, Cancellation))!;

    private int Outcomes(string outcome)
    {
        lock (_outcomes)
        {
            return _outcomes.Count(one => one == outcome);
        }
    }

    private void Listen(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == "clustergrains.access.reviews")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            lock (_outcomes)
            {
                _outcomes.Add($"{tags[0].Value} {tags[1].Value}");
            }
        });
        _listener.Start();
    }

    private static QuestionFlood Flood(int count, Func<int, Task> ask) => new([.. Enumerable.Range(0, count).Select(ask)]);

    /// <summary>Two answers at a time, and something happens before each pair.</summary>
    private sealed class PairsOfAnswers(Action before)
    {
        private TaskCompletionSource? _first;

        public Task Next()
        {
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Interlocked.CompareExchange(ref _first, mine, null) is not { } first)
            {
                return mine.Task;
            }

            Volatile.Write(ref _first, null);
            before();
            first.SetResult();
            return Task.CompletedTask;
        }
    }

    private sealed class QuestionFlood : IDisposable
    {
        private readonly Task<bool>[] _questions;
        private readonly SemaphoreSlim _turnedAway = new(0);

        public QuestionFlood(Task[] questions) => _questions = [.. questions.Select(IsAsked)];

        /// <summary>Returns when so many were turned away.</summary>
        public async Task TurnedAway(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(await _turnedAway.WaitAsync(Limit, Cancellation), $"{i} of {count} were turned away.");
            }
        }

        public async Task<(int Asked, int TurnedAway)> End()
        {
            var asked = await Task.WhenAll(_questions);
            return (asked.Count(one => one), asked.Count(one => !one));
        }

        public void Dispose() => _turnedAway.Dispose();

        private async Task<bool> IsAsked(Task question)
        {
            try
            {
                await question;
                return true;
            }
            catch (TurnedAwayException)
            {
                _turnedAway.Release();
                return false;
            }
            catch (DependencyException)
            {
                // Held for longer than anybody waits for an answer.
                return true;
            }
        }
    }
}
