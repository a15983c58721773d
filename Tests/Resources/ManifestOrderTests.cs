using ClusterGrains.Resources;
using CsCheck;

namespace ClusterGrains.Tests.Resources;

/// <summary>Whatever a watch loses, repeats or reorders: one comparison with the truth, as after each list, and all is well.</summary>
public sealed class ManifestOrderTests(GrainWorld world) : IClassFixture<GrainWorld>
{
    private enum Step
    {
        Create,
        EditSpec,
        Annotate,
        Delete,
        Deliver,
    }

    [Fact]
    public async Task Any_order_duplication_and_loss_of_events_ends_in_the_state_of_the_last_consistent_read()
    {
        var step = Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 1_000]);
        await step.Array[1, 40].SampleAsync(Play, iter: 150, threads: 1);
    }

    private async Task Play((Step Step, int Pick)[] steps)
    {
        var user = new User(world, world.NewKey());
        foreach (var (step, pick) in steps)
        {
            if (step is not Step.Deliver)
            {
                user.Do(step, pick);
            }
            else if (user.Told.Count > 0)
            {
                await Deliver(user.Key, user.Told[pick % user.Told.Count]);
            }
        }

        await Compare(user);
        var row = world.Storage.Index(user.Key.ToString());
        if (user.Live is { } live)
        {
            Assert.Equal((live.Uid, live.Generation, live.Intent, "Active"), (row!.Uid, row.Generation, row.Intent, row.Phase));
        }
        else
        {
            Assert.NotEqual("Active", row?.Phase);
        }
    }

    private Task Deliver(ResourceKey key, (Manifest Manifest, bool Deleted) told) => told.Deleted
        ? world.Grain(key).Vanished(told.Manifest.Uid, TestContext.Current.CancellationToken)
        : world.Grain(key).Observe(told.Manifest, TestContext.Current.CancellationToken);

    /// <summary>What the relay does with the index and a list (design §4).</summary>
    private async Task Compare(User user)
    {
        var row = world.Storage.Index(user.Key.ToString());
        if (user.Live is { } live)
        {
            if (row is not { Phase: "Active" } || (row.Uid, row.Generation, row.Intent) != (live.Uid, live.Generation, live.Intent))
            {
                await Deliver(user.Key, (live, false));
            }
        }
        else if (row is { Phase: "Active" })
        {
            await world.Grain(user.Key).Vanished(null, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Somebody at kubectl, and the events a perfect watch would have told of them.</summary>
    private sealed class User(GrainWorld world, ResourceKey key)
    {
        private int _uids;

        public ResourceKey Key => key;

        public Manifest? Live { get; private set; }

        public List<(Manifest Manifest, bool Deleted)> Told { get; } = [];

        public void Do(Step step, int pick)
        {
            switch (step, Live)
            {
                case (Step.Create, null):
                    Tell(world.Api.Apply(key, GrainWorld.Spec(), $"uid-{key.Name}-{++_uids}"));
                    break;
                case (Step.EditSpec, { } live):
                    Tell(world.Api.Apply(key, GrainWorld.Spec($"{5 + pick}m"), live.Uid, live.Generation + 1, Notes(live)));
                    break;
                case (Step.Annotate, { } live):
                    Tell(world.Api.Apply(key, live.Spec, live.Uid, live.Generation, ("note", $"{pick}")));
                    break;
                case (Step.Delete, { } live):
                    world.Api.Delete(key);
                    Told.Add((live, true));
                    Live = null;
                    break;
            }
        }

        private static (string, string)[] Notes(Manifest live) =>
            [.. live.Annotations.Select(a => (a.Key[Manifest.AnnotationPrefix.Length..], a.Value))];

        private void Tell(Manifest manifest)
        {
            Live = manifest;
            Told.Add((manifest, false));
        }
    }
}
