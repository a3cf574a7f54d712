namespace Relay.Server.Datasets.Removal;

/// <summary>What became of an id that was to be forgotten.</summary>
internal enum ForgetOutcome
{
    /// <summary>A sample or labels were deleted.</summary>
    Deleted,

    /// <summary>There is nothing, since an earlier request was about the id.</summary>
    DeletedBefore,

    /// <summary>There is nothing, and no request was about it: it may be misspelled.</summary>
    NeverThere,
}
