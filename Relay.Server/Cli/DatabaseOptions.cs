using System.CommandLine;
using System.Text;
using Relay.Server.Cli.Configuration;
using Relay.Server.Storage;

namespace Relay.Server.Cli;

/// <summary>The options that name the PostgreSQL database of a relay.</summary>
internal sealed class DatabaseOptions
{
    public const string ConnectionName = "--database";
    private const int MaximumBytes = 64 * 1024;

    private readonly SharedSetting<string?> _connection = new(ConnectionName)
    {
        Description = "The connection string of a PostgreSQL database that has the rows of the relay, such as " +
            "\"Host=localhost;Database=relay;Username=relay\". Default: the file relay.db in the data folder.",
        HelpName = "connection",
    };

    private readonly SharedSetting<string?> _file = new("--database-file")
    {
        Description = "A file with the connection string of --database, so that its password is in no list of processes.",
        HelpName = "file",
    };

    private readonly SharedSetting<string?> _folderKey = new("--folder-key-file")
    {
        Description = "A file with the key (64 hexadecimal digits) under which the PostgreSQL database has the files of the data folder, so that "
            + "relays on several machines need no shared folder. Default: the files are in the data folder alone.",
        HelpName = "file",
    };

    public IReadOnlyList<Option> Options => [_connection, _file, _folderKey];

    public void AddTo(Command command)
    {
        command.Options.Add(_connection);
        command.Options.Add(_file);
        command.Options.Add(_folderKey);
    }

    /// <summary>The connection string; null: the rows are in the data folder. An option of the command line goes before settings of both.</summary>
    /// <exception cref="CommandException">Both are set in one place, or the file has no connection string.</exception>
    public string? Read(ParseResult parsed)
    {
        (bool hasConnection, bool hasFile) = (GivenOptions.Has(parsed, _connection), GivenOptions.Has(parsed, _file));
        string? connection = hasFile && !hasConnection ? null : parsed.GetValue(_connection);
        if ((hasConnection && !hasFile ? null : parsed.GetValue(_file)) is not { } file)
        {
            return connection;
        }

        if (connection is not null)
        {
            throw new CommandException($"{ConnectionName} is what --database-file names a file of: set one of them");
        }

        string text = Encoding.UTF8.GetString(BoundedFile.Read(file, MaximumBytes, "a connection string")).Trim();
        return text.Length > 0 ? text : throw new CommandException($"'{file}' is empty: it must have the connection string of the database.");
    }

    /// <summary>The data folder with the database that the options name.</summary>
    public DataFolder Open(ParseResult parsed, string root) => new(root, Read(parsed)) { FolderKeyFile = parsed.GetValue(_folderKey) };

    /// <summary>The file with the key of the folder's files in the database; null: there are none.</summary>
    public string? ReadFolderKeyFile(ParseResult parsed) => parsed.GetValue(_folderKey);
}
