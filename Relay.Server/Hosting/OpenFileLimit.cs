using System.Globalization;
using Relay.Server.Storage;

namespace Relay.Server.Hosting;

/// <summary>
/// How many connections the limit of open files of this process allows. A process without a free descriptor cannot load code or open its
/// database, and .NET ends it with "Out of memory": so connections are refused before.
/// </summary>
internal static class OpenFileLimit
{
    /// <summary>Descriptors that the runtime (most of them: the files of its code), the database, training and the log use.</summary>
    private const long Reserve = 320;

    private const long Minimum = 512;

    /// <summary>Sockets beyond the limit, of connections that the server has accepted and is about to refuse.</summary>
    private const long AboutToBeRefused = 64;

    /// <summary>A connection has a socket, and its requests open files and the database.</summary>
    private const long PerConnection = 4;

    /// <summary>The most connections at a time; null where the system tells no limit.</summary>
    /// <exception cref="RelayStartException">The limit is too low to run at all.</exception>
    public static long? Connections() => OperatingSystem.IsLinux() && Read(File.ReadAllLines("/proc/self/limits")) is { } limit
        ? Connections(limit)
        : null;

    /// <summary>The most sockets of accepted connections at a time; null where the system tells no limit.</summary>
    /// <exception cref="RelayStartException">The limit is too low to run at all.</exception>
    public static long? Sockets() => Connections() + AboutToBeRefused;

    /// <summary>As above, for a limit of the system.</summary>
    internal static long Connections(long limit) => limit >= Minimum
        ? (limit - Reserve) / PerConnection
        : throw new RelayStartException(
            $"This process may open {limit} files, and a relay needs {Minimum} or more: raise the limit by 'ulimit " +
                $"-n', or LimitNOFILE of systemd.");

    /// <summary>The soft limit, which .NET has raised to the hard one; null when there is none.</summary>
    internal static long? Read(IEnumerable<string> lines) => lines
        .Where(line => line.StartsWith("Max open files", StringComparison.Ordinal))
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3])
        .Select(soft => long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) ? limit : (long?)null)
        .FirstOrDefault();
}
