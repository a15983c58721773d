using ClusterGrains.Resources;
using ClusterGrains.Tests.Watch;

namespace ClusterGrains.Tests.Resources;

public sealed class RotaTests
{
    private static readonly TimeSpan Slot = TimeSpan.FromMinutes(5);

    private readonly ArmedTime _time = new();
    private readonly SiloAddress[] _silos = [.. Enumerable.Range(1, 3).Select(PretendSilos.Address)];

    [Fact]
    public async Task Every_slot_is_the_turn_of_one_silo_and_all_take_turns()
    {
        var slots = new List<string>();
        var rotas = _silos.Select(silo => (Silo: silo, Rota: new Rota(new PretendSilos(silo, _silos), _time))).ToArray();
        for (var slot = 0; slot < 6; slot++)
        {
            var turns = rotas.Select(rota => (rota.Silo, Turn: rota.Rota.NextTurn(Slot, Cancellation))).ToArray();
            _time.Advance(Slot);
            var whose = await Await.Soon(Task.WhenAny(turns.Select(turn => turn.Turn)));
            slots.Add(Assert.Single(turns, turn => turn.Turn == whose).Silo.Endpoint.Port.ToString(null, null));
            Assert.Single(turns, turn => turn.Turn.IsCompleted);
        }

        Assert.Equal(["1", "2", "3"], slots.Take(3).Order(StringComparer.Ordinal));
        Assert.Equal(slots.Take(3), slots.Skip(3));
    }

    [Fact]
    public async Task Of_a_silo_that_died_the_others_take_the_turns()
    {
        var left = _silos[1];
        var rota = new Rota(new PretendSilos(left, [left]), _time);

        for (var slot = 0; slot < 3; slot++)
        {
            var turn = rota.NextTurn(Slot, Cancellation);
            _time.Advance(Slot);
            await Await.Soon(turn);
        }
    }

    [Fact]
    public async Task A_silo_has_no_turn_before_the_next_slot_and_none_while_it_is_not_active()
    {
        var silo = _silos[0];
        var oracle = new PretendSilos(silo, []);
        var turn = new Rota(oracle, _time).NextTurn(Slot, Cancellation);
        _time.Advance(Slot / 2);
        await _time.Armed(Slot, Slot + TimeSpan.FromSeconds(1));
        _time.Advance(Slot);
        await _time.Armed(Slot / 2, Slot);
        Assert.False(turn.IsCompleted);

        oracle.Active = [silo];
        _time.Advance(Slot);

        await Await.Soon(turn);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
