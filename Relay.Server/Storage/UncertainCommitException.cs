using System.Data.Common;

namespace Relay.Server.Storage;

/// <summary>The connection was lost while a transaction was committed: it may be stored or not. The client must look.</summary>
internal sealed class UncertainCommitException(Exception inner) : DbException(
    "The connection to the database was lost during a commit, which may have taken effect or not.", inner);
