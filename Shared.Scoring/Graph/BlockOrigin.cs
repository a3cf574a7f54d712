namespace Shared.Scoring.Graph;

/// <summary>Which memory a value of a plan is in.</summary>
internal enum BlockOrigin
{
    /// <summary>The rows of the caller, from a column on.</summary>
    Numbers,

    /// <summary>The working memory of the call.</summary>
    Work,

    /// <summary>The constants of the plan, the same for every row.</summary>
    Constant,
}
