using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClusterGrains.Storage;

/// <summary>One connection and its prepared statements, for one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = [];

    /// <param name="lockTimeout">See <see cref="SqliteOptions.LockTimeout"/>.</param>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public SqliteSession(string path, SqliteOpenMode mode, int lockTimeout)
    {
        var connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            DefaultTimeout = lockTimeout,
            // A pooled connection can come back inside somebody's aborted transaction.
            Pooling = false,
        };
        _connection = new SqliteConnection(connectionString.ToString());
        _connection.Open();
    }

    /// <summary>False also when SQLite rolled back by itself, as it may after a full disk or a failed read.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    /// <summary>
    /// Runs one statement and tells how many rows it changed. <paramref name="sql"/> is kept prepared: a constant.
    /// </summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Statement(sql, parameters).ExecuteNonQuery();

    /// <summary>Runs one query. <paramref name="sql"/> is kept prepared: a constant.</summary>
    public List<T> Query<T>(
        string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Statement(sql, parameters).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>Runs a script once, without keeping it.</summary>
    public void Run(string script)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = script;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private SqliteCommand Statement(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = _connection.CreateCommand();
            statement.CommandText = sql;
            foreach (var (name, _) in parameters)
            {
                statement.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            _statements.Add(sql, statement);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            statement.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        }

        return statement;
    }
}
