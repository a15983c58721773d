using System.Diagnostics.Metrics;
using System.Text.Json.Serialization;
using ClusterGrains.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace ClusterGrains.Tests.Storage;

/// <summary>A SQLite database, in a folder of its own that is deleted with it unless a path is given.</summary>
internal sealed class TestDatabase : IDisposable
{
    private readonly DirectoryInfo? _folder;
    private readonly ServiceProvider _services =
        new ServiceCollection().AddMetrics().AddSerializer().BuildServiceProvider();

    private readonly SqliteOptions _options;
    private readonly JsonSerializerContext[] _contexts;

    public TestDatabase(string? path = null, int queueLimit = 8192, params JsonSerializerContext[] contexts)
    {
        _folder = path is null ? Directory.CreateTempSubdirectory("clustergrains-storage-") : null;
        _options = new SqliteOptions
        {
            Path = path ?? System.IO.Path.Combine(_folder!.FullName, "test.db"),
            QueueLimit = queueLimit,
            LockTimeout = 1,
        };
        _contexts = [SampleJson.Default, .. contexts];
        Database = New();
    }

    public string Path => _options.Path;

    public SqliteDatabase Database { get; private set; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public SqliteGrainStorage Storage => new(
        Database, new StateSerializer(_contexts), _services.GetRequiredService<IActivatorProvider>());

    public SqliteReminderTable Reminders => new(Database);

    public SqliteResourceIndex Index => new(Database);

    public TestDatabase Open()
    {
        Database.Open();
        return this;
    }

    /// <summary>Closes the file as a stopping silo does and opens it as the next one does.</summary>
    public void Reopen()
    {
        Database.Close();
        Database = New();
        Database.Open();
    }

    /// <summary>Another silo on the same file.</summary>
    public SqliteDatabase New() => new(
        Options.Create(_options), new StorageMetrics(Meters), TimeProvider.System, NullLogger<SqliteDatabase>.Instance);

    /// <summary>Goes past the storage, as an operator with a shell would.</summary>
    public T Raw<T>(Func<SqliteConnection, T> act)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        return act(connection);
    }

    /// <summary>Puts a value into one column of the rows of a grain.</summary>
    public Task Spoil(string table, string grainId, string column, object? value)
    {
        Raw(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"UPDATE {table} SET {column} = @value WHERE grainId = @grainId";
            command.Parameters.AddWithValue("@value", value ?? DBNull.Value);
            command.Parameters.AddWithValue("@grainId", grainId);
            Assert.Equal(1, command.ExecuteNonQuery());
            return 0;
        });
        return Task.CompletedTask;
    }

    public object? Scalar(string sql) => Raw(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    });

    public void Dispose()
    {
        Database.Dispose();
        _services.Dispose();
        _folder?.Delete(recursive: true);
    }
}
