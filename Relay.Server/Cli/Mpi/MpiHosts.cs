using System.CommandLine;
using Relay.Training.Mpi;

namespace Relay.Server.Cli.Mpi;

/// <summary>The option <c>--mpi</c>.</summary>
internal sealed class MpiHosts
{
    public Option<string?> Option { get; } = new("--mpi")
    {
        Description = "Hosts for mpirun, such as a,b or localhost:2. Trains on these hosts instead of the relay and writes --output.",
        HelpName = "hosts",
    };

    /// <summary>True with <c>--mpi</c>, and in a process that mpirun started.</summary>
    /// <exception cref="CommandException">It is both.</exception>
    public bool IsRequested(ParseResult parsed)
    {
        if (MpiShardGroup.IsUnderMpi)
        {
            GivenOptions.Refuse(parsed, [Option], "starts mpirun, and mpirun started this process: leave it out");
        }

        return MpiShardGroup.IsUnderMpi || GivenOptions.Has(parsed, Option);
    }
}
