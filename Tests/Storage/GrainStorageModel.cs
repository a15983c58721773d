using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

/// <summary>
/// Several activations of a few grains, each with its own idea of the ETag, do random things; what they see must be
/// what a dictionary with a compare-and-swap would show.
/// </summary>
internal sealed class GrainStorageModel(IGrainStorage storage, int seed)
{
    private const int Activations = 3;
    private static readonly string[] StateNames = ["one", "two"];
    private static readonly GrainId[] Grains = [GrainId.Create("model", "a"), GrainId.Create("model", "b")];

    private readonly Random _random = new(seed);
    private readonly Dictionary<(GrainId, string), (string ETag, PlainState State)> _model = [];
    private readonly Dictionary<(GrainId, string, int), GrainState<PlainState>> _activations = [];
    private readonly HashSet<string> _etags = [];

    public async Task Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            var grain = Grains[_random.Next(Grains.Length)];
            var name = StateNames[_random.Next(StateNames.Length)];
            var activation = _random.Next(Activations);
            if (!_activations.TryGetValue((grain, name, activation), out var view))
            {
                _activations[(grain, name, activation)] = view = new(new PlainState(), null!);
            }

            await Step(grain, name, view, step);
        }
    }

    private Task Step(GrainId grain, string name, GrainState<PlainState> view, int step) => _random.Next(6) switch
    {
        0 or 1 => Read(grain, name, view),
        2 => Clear(grain, name, view),
        _ => Write(grain, name, view, step),
    };

    private async Task Read(GrainId grain, string name, GrainState<PlainState> view)
    {
        await storage.ReadStateAsync(name, grain, view, TestContext.Current.CancellationToken);

        var exists = _model.TryGetValue((grain, name), out var expected);
        Assert.Equal(exists, view.RecordExists);
        Assert.Equal(exists ? expected.ETag : null, view.ETag);
        Assert.Equal(exists ? expected.State : new PlainState(), view.State);
    }

    private async Task Write(GrainId grain, string name, GrainState<PlainState> view, int step)
    {
        view.State = new PlainState { Value = step, Text = new string('x', _random.Next(2000)) };
        var before = (view.ETag, view.RecordExists);
        var fits = Fits(grain, name, view);

        var refusal = await Record.ExceptionAsync(
            () => storage.WriteStateAsync(name, grain, view, TestContext.Current.CancellationToken));

        if (fits)
        {
            Assert.Null(refusal);
            Assert.True(_etags.Add(view.ETag!), "An ETag was given twice.");
            _model[(grain, name)] = (view.ETag!, view.State);
        }
        else
        {
            Assert.IsType<InconsistentStateException>(refusal);
            Assert.Equal(before, (view.ETag, view.RecordExists));
        }
    }

    private async Task Clear(GrainId grain, string name, GrainState<PlainState> view)
    {
        var fits = Fits(grain, name, view);

        var refusal = await Record.ExceptionAsync(
            () => storage.ClearStateAsync(name, grain, view, TestContext.Current.CancellationToken));

        if (fits)
        {
            Assert.Null(refusal);
            Assert.False(view.RecordExists);
            _model.Remove((grain, name));
        }
        else
        {
            Assert.IsType<InconsistentStateException>(refusal);
        }
    }

    private bool Fits(GrainId grain, string name, GrainState<PlainState> view) =>
        view.ETag == (_model.TryGetValue((grain, name), out var stored) ? stored.ETag : null);
}
