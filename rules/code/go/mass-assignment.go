package users

import "github.com/gin-gonic/gin"

func update(c *gin.Context) {
	var user User
	c.ShouldBindJSON(&user)
	// ruleid: go-mass-assignment
	db.Model(&stored).Updates(user)
	// ruleid: go-mass-assignment
	db.Save(&user)
	// ok: go-mass-assignment
	db.Model(&stored).Update("name", user.Name)
}

func rename(c *gin.Context) {
	var form RenameForm
	c.ShouldBindJSON(&form)
	// ok: go-mass-assignment
	db.Model(&stored).Updates(User{Name: form.Name})
}
