using ClusterGrains.Storage;

namespace ClusterGrains.Tests.Storage;

public sealed class StateSerializerTests
{
    private readonly StateSerializer _serializer = new([SampleJson.Default]);

    [Fact]
    public void What_an_old_document_lacks_has_its_initial_value()
    {
        var read = _serializer.Deserialize<SampleState>(new BinaryData("""{"revision":7}"""));

        Assert.Equal(new SampleState { Revision = 7 }, read);
        Assert.NotNull(read!.Name);
    }

    [Fact]
    public void What_a_document_has_and_the_type_lacks_is_ignored()
    {
        var read = _serializer.Deserialize<PlainState>(new BinaryData("""{"value":7,"later":{"a":[1]}}"""));

        Assert.Equal(new PlainState { Value = 7 }, read);
    }

    [Fact]
    public void Documents_follow_the_options_of_their_context_and_name_no_type()
    {
        Assert.Equal(
            """{"value":7,"text":"a"}""", _serializer.Serialize(new PlainState { Value = 7, Text = "a" }).ToString());
    }
}
