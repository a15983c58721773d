using ClusterGrains.Watch;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Watch;

/// <summary>What a silo knows of the relay.</summary>
public sealed class WatchHealthTests
{
    private static readonly WatchTarget Target = new(RelayRig.Kind, null);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_age_goes_on_when_the_relay_moves_again_and_again_and_hears_nothing()
    {
        var here = new WatchHealth(_time);
        var began = here.Began(Target);
        here.Listed(Target);
        _time.Advance(TimeSpan.FromMinutes(1));
        here.Ended(Target, began);
        for (var move = 0; move < 3; move++)
        {
            var elsewhere = new WatchHealth(_time);
            elsewhere.Began(Target);
            here.Answered(elsewhere.Here);
            _time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(TimeSpan.FromMinutes(7), Assert.Single(here.Ages()).Age);
        Assert.NotNull(Assert.Single(here.Watches).LastList);
    }

    [Fact]
    public void A_relay_that_comes_here_knows_what_an_earlier_one_has_done()
    {
        var elsewhere = new WatchHealth(_time);
        elsewhere.Began(Target);
        elsewhere.Listed(Target);
        var here = new WatchHealth(_time);
        here.Answered(elsewhere.Here);
        _time.Advance(TimeSpan.FromMinutes(1));

        here.Began(Target);

        Assert.Equal(TimeSpan.FromMinutes(1), Assert.Single(here.Ages()).Age);
        Assert.NotNull(Assert.Single(here.Here).LastList);
        Assert.Null(Assert.Single(here.Here).LastAnswer);
    }

    [Fact]
    public void A_watch_that_never_had_a_line_is_as_old_as_the_silo()
    {
        var here = new WatchHealth(_time);
        _time.Advance(TimeSpan.FromMinutes(3));
        here.Began(Target);

        Assert.Equal(TimeSpan.FromMinutes(3), Assert.Single(here.Ages()).Age);
    }
}
