using ClusterGrains.History;
using CsCheck;

namespace ClusterGrains.Tests.History;

public sealed class SeqSetTests
{
    [Fact]
    public void It_lacks_what_was_not_added() => Gen.Select(Gen.Int[1, 40], Gen.Int[0, 6]).Array[0, 20].Sample(ranges =>
    {
        var (set, model) = (new SeqSet(), new HashSet<long>());
        foreach (var (from, length) in ranges)
        {
            set.Add(from, from + length, default);
            model.UnionWith(Enumerable.Range(from, length + 1).Select(number => (long)number));
        }

        var lacking = set.Lacking(5, 35, default).ToArray();

        Assert.Equal(
            Enumerable.Range(5, 31).Select(number => (long)number).Where(number => !model.Contains(number)),
            lacking.SelectMany(hole => Enumerable.Range(0, (int)(hole.To - hole.From + 1)).Select(i => hole.From + i)));
        Assert.All(lacking.Zip(lacking.Skip(1)), pair => Assert.True(pair.First.To + 1 < pair.Second.From));
    });

    [Fact]
    public void Numbers_that_touch_cost_one_range_in_whatever_order_they_come()
    {
        var set = new SeqSet();
        foreach (var number in Enumerable.Range(1, 1000).OrderBy(number => number * 7919 % 1009))
        {
            set.Add(number, default);
        }

        Assert.Equal(1, set.Ranges);
        Assert.Empty(set.Lacking(1, 1000, default));
    }
}
