using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Schemas;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

public sealed class SchemaTests
{
    [Theory]
    [InlineData("type: string", "7", "x: Invalid value: \"integer\": x in body must be of type string: \"integer\"")]
    [InlineData("type: integer", "1.5", "x: Invalid value: \"number\": x in body must be of type integer: \"number\"")]
    [InlineData("type: integer", "2.0", "")]
    [InlineData("type: number", "2", "")]
    [InlineData("type: string", "null", "x: Invalid value: \"null\": x in body must be of type string: \"null\"")]
    [InlineData("{type: string, nullable: true}", "null", "")]
    [InlineData("{x-kubernetes-int-or-string: true}", "\"80%\"", "")]
    [InlineData("{type: string, enum: [a, b]}", "\"c\"", "x: Unsupported value: \"c\": supported values: \"a\", \"b\"")]
    [InlineData("{type: string, pattern: '^a+$'}", "\"b\"", "x: Invalid value: \"b\": x in body should match '^a+$'")]
    [InlineData("{type: string, maxLength: 2}", "\"abc\"", "x: Too long: may not be more than 2 bytes")]
    [InlineData("{type: string, minLength: 2}", "\"a\"", "x: Invalid value: \"a\": x in body should be at least 2 chars long")]
    [InlineData("{type: string, format: date-time}", "\"noon\"", "x: Invalid value: \"noon\": x in body must be of type date-time: \"noon\"")]
    [InlineData("{type: integer, maximum: 10}", "11", "x: Invalid value: 11: x in body should be less than or equal to 10")]
    [InlineData("{type: integer, minimum: 1, exclusiveMinimum: true}", "1", "x: Invalid value: 1: x in body should be greater than 1")]
    [InlineData("{type: integer, multipleOf: 5}", "7", "x: Invalid value: 7: x in body should be a multiple of 5")]
    [InlineData("{type: array, minItems: 1, items: {type: string}}", "[]", "x: Invalid value: 0: x in body should have at least 1 items")]
    [InlineData("{type: array, maxItems: 1, items: {type: string}}", "[\"a\",\"b\"]", "x: Too many: 2: must have at most 1 items")]
    [InlineData("{type: array, items: {type: string}}", "[1]", "x[0]: Invalid value: \"integer\": x[0] in body must be of type string: \"integer\"")]
    [InlineData("{type: array, x-kubernetes-list-type: set, items: {type: string}}", "[\"a\",\"a\"]", "x[1]: Duplicate value: \"a\"")]
    [InlineData("{type: object, maxProperties: 1, additionalProperties: {type: string}}", "{\"a\":\"\",\"b\":\"\"}", "x: Too many: 2: must have at most 1 items")]
    [InlineData("{type: object, required: [a], properties: {a: {type: string}}}", "{}", "x.a: Required value")]
    [InlineData("{type: object, properties: {a: {type: string}}, oneOf: [{required: [a]}]}", "{}", "x: Invalid value: \"\": \"x\" must validate one and only one schema (oneOf). Found none valid")]
    public void A_value_is_accepted_or_refused_in_the_words_of_a_real_server(string schema, string value, string expected)
    {
        var whole = Read($"{{type: object, properties: {{x: {(schema.StartsWith('{') ? schema : $"{{{schema}}}")}}}}}");
        var document = new JsonObject { ["x"] = JsonNode.Parse(value) };
        Assert.Equal(expected, string.Join("; ", SchemaValidation.Check(document, whole)));
    }

    [Fact]
    public void Defaults_fill_what_is_absent_or_a_null_that_may_not_be()
    {
        var schema = Read("""
            type: object
            properties:
              spec:
                type: object
                default: {}
                properties:
                  interval: {type: string, default: 5m}
                  note: {type: string, nullable: true, default: x}
            """);
        var absent = Object("{}");
        Defaulting.Apply(absent, schema);
        Assert.Equal("""{"spec":{"interval":"5m","note":"x"}}""", CanonicalJson.Text(absent));

        var nulls = Object("""{"spec":{"interval":null,"note":null}}""");
        Defaulting.Apply(nulls, schema);
        Assert.Equal("""{"spec":{"interval":"5m","note":null}}""", CanonicalJson.Text(nulls));
    }

    [Fact]
    public void Unknown_members_are_pruned_and_named_unless_the_schema_preserves_them()
    {
        var schema = Read("""
            type: object
            properties:
              list: {type: array, items: {type: object, properties: {a: {type: string}}}}
              free: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {known: {type: object}}}
            """);
        var document = Object("""{"b":1,"free":{"any":{"thing":1},"known":{"x":1}},"list":[{"a":"1","b":2}]}""");

        Assert.Equal(["b", "free.known.x", "list[0].b"], Pruning.Apply(document, schema).Order(StringComparer.Ordinal));
        Assert.Equal("""{"free":{"any":{"thing":1},"known":{}},"list":[{"a":"1"}]}""", CanonicalJson.Text(document));
    }

    [Fact]
    public void A_crd_may_restrict_the_name_of_its_objects()
    {
        var schema = ObjectSchema.Of(Yaml.Documents("{type: object, properties: {metadata: {properties: {name: {maxLength: 3}}}}}").Single());
        var errors = SchemaValidation.Check(Object("""{"metadata":{"name":"long"}}"""), schema);
        Assert.Equal("metadata.name: Too long: may not be more than 3 bytes", Assert.Single(errors).ToString());
    }

    private static Schema Read(string yaml) => new(Yaml.Documents(yaml).Single());

    private static JsonObject Object(string json) => CanonicalJson.ParseObject(Encoding.UTF8.GetBytes(json));
}
