//! A connection with the prepared statements.

use tokio_postgres::{Client, Error, NoTls, Statement};

/// Columns 0 to 9 of each statement that reads spaces.
const SPACE: &str = "s.id, s.owner_id, s.name, s.description, s.category, s.tags::text, s.definition::text, s.is_public, \
                     s.created_at, s.updated_at";

const LIST: &str = ", (SELECT count(*) FROM spaces WHERE is_public) FROM spaces s \
                    WHERE s.is_public ORDER BY s.created_at DESC LIMIT $1 OFFSET $2";

const FOUND: &str = ", count(*) OVER () FROM spaces s WHERE s.is_public AND s.name ILIKE $3 AND s.category = $4 \
                     ORDER BY s.created_at DESC LIMIT $1 OFFSET $2";

const ONE: &str = ", u.id, u.name, u.image, COALESCE((SELECT json_agg(json_build_object('id', x.id, 'playgroundId', x.space_id, \
                   'status', x.status, 'createdAt', x.created_at, 'participantCount', x.n) ORDER BY x.created_at DESC)::text \
                   FROM (SELECT ss.*, (SELECT count(*) FROM space_participants p WHERE p.session_id = ss.id AND p.is_connected) AS n \
                   FROM space_sessions ss WHERE ss.space_id = s.id) x), '[]') \
                   FROM auth_sessions a JOIN spaces s ON s.id = $2 JOIN users u ON u.id = s.owner_id \
                   WHERE a.token = $1 AND a.expires_at > now()";

/// `LATERAL … OFFSET 0` makes 50 reads of an index; without it the planner reads all users.
const HISTORY: &str = "SELECT m.id, m.user_id, m.content, m.message_type, m.created_at, u.name, u.image \
                       FROM (SELECT * FROM community_messages WHERE community_id = $2 \
                       ORDER BY created_at DESC LIMIT $3) m \
                       LEFT JOIN LATERAL (SELECT name, image FROM users WHERE id = m.user_id OFFSET 0) u ON true \
                       WHERE EXISTS (SELECT 1 FROM auth_sessions a JOIN community_members cm ON cm.user_id = a.user_id \
                       AND cm.community_id = $2 WHERE a.token = $1 AND a.expires_at > now()) ORDER BY m.created_at DESC";

const POST: &str = "INSERT INTO community_messages (community_id, user_id, content) SELECT $2, a.user_id, $3 FROM auth_sessions a \
                    JOIN community_members cm ON cm.user_id = a.user_id AND cm.community_id = $2 \
                    WHERE a.token = $1 AND a.expires_at > now() RETURNING id, user_id, created_at";

const SESSION: &str = "SELECT 1 FROM auth_sessions WHERE token = $1 AND expires_at > now()";

/// One connection.
pub struct Connection {
    pub client: Client,
    /// A page of public spaces: limit, offset.
    pub list: Statement,
    /// A page of the spaces of a category with a text in their name: limit, offset, pattern, category.
    pub found: Statement,
    /// A space: token, id.
    pub one: Statement,
    /// The newest messages: token, community, limit.
    pub history: Statement,
    /// A post: token, community, content.
    pub post: Statement,
    /// A session: token.
    pub session: Statement,
}

impl Connection {
    /// Connects and prepares.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        let spaces = |rest: &str| format!("SELECT {SPACE}{rest}");
        Ok(Self {
            list: client.prepare(&spaces(LIST)).await?,
            found: client.prepare(&spaces(FOUND)).await?,
            one: client.prepare(&spaces(ONE)).await?,
            history: client.prepare(HISTORY).await?,
            post: client.prepare(POST).await?,
            session: client.prepare(SESSION).await?,
            client,
        })
    }
}
